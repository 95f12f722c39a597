import { expect, test } from 'vitest';
import { complete, placeAt, quoted } from './completion';

const at = (text: string) => {
  const caret = text.indexOf('|');
  return placeAt(text.replace('|', ''), caret);
};

test('at the start, after "and", "not" or a parenthesis a key is expected', () => {
  for (const text of ['|', 'metr|', 'metrics.a > 1 and |', '(|', 'not |', "(params.x = '1' or tags.y|"]) expect(at(text).expected).toBe('key');
  expect(at('metrics.lo|').typed).toBe('metrics.lo');
  expect(at("metrics.a > 1 and `tags`.x|")).toMatchObject({ from: 18, typed: '`tags`.x' });
});

test('after a key an operator is expected, and it is known of what', () => {
  expect(at('metrics.loss |')).toMatchObject({ expected: 'operator', field: 'metrics.loss', typed: '' });
  expect(at('params.`a b` li|')).toMatchObject({ expected: 'operator', field: 'params.`a b`', typed: 'li' });
  expect(at('metrics.loss|').expected).toBe('key');
});

test('after an operator a value is expected', () => {
  expect(at('params.x = |')).toMatchObject({ expected: 'value', field: 'params.x', typed: '' });
  expect(at("params.x='4|")).toMatchObject({ expected: 'value', field: 'params.x', typed: "'4" });
  expect(at('metrics.loss<0.|')).toMatchObject({ expected: 'value', field: 'metrics.loss', typed: '0.' });
  expect(at("status in ('FAILED', |")).toMatchObject({ expected: 'value', field: 'status', listed: true });
});

test('after a value comes a word that joins', () => {
  expect(at("params.x = '4' |").expected).toBe('join');
  expect(at("params.x = '4'|").expected).toBe('join');
  expect(at('metrics.a < 3 an|')).toMatchObject({ expected: 'join', typed: 'an' });
  expect(at("status in ('FAILED') |").expected).toBe('join');
});

test('what is chosen takes the place of what was begun', () => {
  expect(complete('metr', at('metr|'), 'metrics.loss')).toEqual({ text: 'metrics.loss ', caret: 13 });
  expect(complete('met and x = 1', at('met| and x = 1'), 'metrics.loss')).toEqual({ text: 'metrics.loss and x = 1', caret: 13 });
  expect(complete("a in ('x', 'F", at("a in ('x', 'F|"), "'FAILED'").text).toBe("a in ('x', 'FAILED'");
});

test('a value with a quote stands in the other quotes', () => {
  expect(quoted('a')).toBe("'a'");
  expect(quoted("o'hara")).toBe('"o\'hara"');
});

test('any text can be looked at, at any place', () => {
  for (const text of ["'", '`', '"""', '((()))', "a'b`c\"d", 'ü = ✓ and', '   ', '= = =', 'in in in (']) {
    for (let caret = 0; caret <= text.length; caret++) expect(placeAt(text, caret).to).toBe(caret);
  }
});
