import { expect, test } from 'vitest';
import { numericColumns, parseCsv, sniffDelimiter } from './csv';

test('header and rows, with either line end and with or without a last one', () => {
  const expected = { header: ['a', 'b'], rows: [['1', '2'], ['3', '4']], delimiter: ',' };
  expect(parseCsv('a,b\n1,2\n3,4')).toEqual(expected);
  expect(parseCsv('a,b\r\n1,2\r\n3,4\r\n')).toEqual(expected);
});

test('quotes hold delimiters, quotes and line breaks', () => {
  expect(parseCsv('name,say\n"Doe, J.","he said ""no""\nand left"\n').rows).toEqual([
    ['Doe, J.', 'he said "no"\nand left'],
  ]);
});

test('empty fields stay, empty lines do not', () => {
  expect(parseCsv('a,b,c\n,,\n\n1,,3\n,x,').rows).toEqual([['', '', ''], ['1', '', '3'], ['', 'x', '']]);
});

test('a byte order mark is no part of the first name', () => {
  expect(parseCsv('\ufeffid,x\n1,2').header).toEqual(['id', 'x']);
});

test('the cut last row of a file head is left out', () => {
  expect(parseCsv('a,b\n1,2\n3,', { truncated: true }).rows).toEqual([['1', '2']]);
});

test('an unclosed quote takes the rest and ends', () => {
  expect(parseCsv('a\n"open, to the end\n').rows).toEqual([['open, to the end\n']]);
});

test.each([
  ['a,b,c\n1,2,3', ','],
  ['a;b;c\n1,5;2,5;3', ';'],
  ['a\tb\n1\t2', '\t'],
  ['alone\n1\n2', ','],
  ['"x;y;z",b\n"1;2",3', ','],
])('the delimiter of %j is %j', (text, delimiter) => expect(sniffDelimiter(text)).toBe(delimiter));

test('a column is numeric where every value present is a number', () => {
  const csv = parseCsv('n,s,gap,none\n1,x,,\n-2.5e3,2,NA,\n');
  expect(numericColumns(csv)).toEqual([true, false, false, false]);
});
