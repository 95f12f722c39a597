import { expect, test } from 'vitest';
import { count, formatBytes, formatJson, formatNumber, shortNumber } from './numbers';

test.each([
  [0, '0'],
  [-3, '−3'],
  [1234567, '1\u202f234\u202f567'],
  [0.8437218, '0.843722'],
  [0.5, '0.5'],
  [12.340000001, '12.34'],
  [0.00001234, '1.234e−5'],
  [-1.5e300, '−1.5e300'],
  [123456.789, '123456.789'],
  ['NaN' as const, 'NaN'],
  ['Infinity' as const, '∞'],
  ['-Infinity' as const, '−∞'],
])('the metric value %s reads "%s"', (value, text) => expect(formatNumber(value)).toBe(text));

test.each([
  [0, '0 B'],
  [914, '914 B'],
  [1234, '1.2 kB'],
  [999_600, '1.0 MB'],
  [38_400_000, '38 MB'],
  [120_000_000_000, '120 GB'],
])('%i bytes read "%s"', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test('parameter values keep their text and nest as JSON', () => {
  expect(formatJson('a "b"')).toBe('a "b"');
  expect(formatJson([1, { a: null }])).toBe('[1,{"a":null}]');
  expect(formatJson(undefined)).toBe('null');
});

test('counts agree with their noun', () => {
  expect(count(1, 'run')).toBe('1 run');
  expect(count(0, 'run')).toBe('0 runs');
  expect(count(1200, 'entry', 'entries')).toBe('1\u202f200 entries');
});

test.each([
  ['0.00020475021685777023', '0.00020475'], ['-1.2345678901', '−1.23457'], ['0.001', '0.001'], ['0.12345678', '0.12345678'], ['1.5e-10', '1.5e-10'], ['1.2345678901e-10', '1.235e−10'],
  ['10000000', '10000000'], ['v1.23456789012', 'v1.23456789012'], ['2026.1.1', '2026.1.1'], ['', ''],
])('the text %s reads "%s"', (text, short) => expect(shortNumber(text)).toBe(short));
