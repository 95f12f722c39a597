import { expect, test } from 'vitest';
import { oneOf, parseSearch, text, wholeNumber, writeSearch } from './search';

test('what is written is read again, whatever the characters', () => {
  const search = { filter: "metrics.`a b` > 1 and params.x = 'ü&=#?'", v: 'v3' };
  expect(parseSearch(writeSearch(search))).toEqual(search);
});

test('a number or word in an address stays as typed, and what is empty is left out', () => {
  expect(parseSearch('?q=1&v=true')).toEqual({ q: '1', v: 'true' });
  expect(writeSearch({ q: '', x: undefined, n: 3 })).toBe('?n=3');
  expect(writeSearch({})).toBe('');
});

test('values of the wrong kind count as absent', () => {
  expect(wholeNumber('12')).toBe(12);
  expect(wholeNumber('-3')).toBe(-3);
  expect(wholeNumber('1.5')).toBeUndefined();
  expect(wholeNumber('x')).toBeUndefined();
  expect(oneOf('log', ['log'])).toBe('log');
  expect(oneOf('lin', ['log'])).toBeUndefined();
  expect(text('')).toBeUndefined();
});
