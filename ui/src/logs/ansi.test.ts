import { expect, test } from 'vitest';
import { parseAnsi, stripAnsi } from './ansi';
import { markRanges, splitAt } from './marks';

test('plain text is one piece, and an empty line none', () => {
  expect(parseAnsi('hello')).toEqual([{ text: 'hello', style: {} }]);
  expect(parseAnsi('')).toEqual([]);
});

test('colours and weights start and end where the codes say', () => {
  expect(parseAnsi('a \x1b[1;31mred\x1b[22m thin\x1b[0m b')).toEqual([
    { text: 'a ', style: {} },
    { text: 'red', style: { bold: true, fg: 1 } },
    { text: ' thin', style: { fg: 1 } },
    { text: ' b', style: {} },
  ]);
});

test('bright, 256 and true colours', () => {
  expect(parseAnsi('\x1b[92mx')[0]!.style).toEqual({ fg: 10 });
  expect(parseAnsi('\x1b[38;5;9mx')[0]!.style).toEqual({ fg: 9 });
  expect(parseAnsi('\x1b[38;5;208mx')[0]!.style).toEqual({ fg: '#ff8700' });
  expect(parseAnsi('\x1b[48;5;255mx')[0]!.style).toEqual({ bg: '#eeeeee' });
  expect(parseAnsi('\x1b[38;2;1;2;255;4mx')[0]!.style).toEqual({ fg: '#0102ff', underline: true });
});

test('an empty SGR resets', () => {
  expect(parseAnsi('\x1b[31ma\x1b[mb')).toEqual([
    { text: 'a', style: { fg: 1 } },
    { text: 'b', style: {} },
  ]);
});

test('broken and foreign escapes never show and never throw', () => {
  expect(stripAnsi('\x1b[2K\x1b[1Gdone')).toBe('done');
  expect(stripAnsi('\x1b]0;title\x07text')).toBe('text');
  expect(stripAnsi('\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\')).toBe('link');
  expect(stripAnsi('\x1b[38;2;999mx')).toBe('x');
  expect(stripAnsi('\x1b(Bx')).toBe('x');
});

test('a carriage return rewrites the line', () => {
  expect(stripAnsi(' 10%\r 50%\r100%')).toBe('100%');
  expect(stripAnsi('windows line\r')).toBe('windows line');
});

test('searched words are marked across changes of colour', () => {
  const ranges = markRanges('77777 step 77777', '777 st');
  expect(ranges).toEqual([[2, 8]]);
  expect(splitAt('77777', 0, ranges)).toEqual([{ text: '77', marked: false }, { text: '777', marked: true }]);
  expect(splitAt(' step 77777', 5, ranges)).toEqual([{ text: ' st', marked: true }, { text: 'ep 77777', marked: false }]);
  expect(splitAt('x', 20, ranges)).toEqual([{ text: 'x', marked: false }]);
  expect(markRanges('aAa', 'a')).toHaveLength(3);
});
