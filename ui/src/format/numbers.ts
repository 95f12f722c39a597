import type { Json, WireNumber } from '../api/types';

/** The double behind a wire number. */
export function toNumber(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

/** A metric value in at most six significant digits; whole numbers keep all of theirs. */
export function formatNumber(value: WireNumber): string {
  const n = toNumber(value);
  if (!Number.isFinite(n)) return Number.isNaN(n) ? 'NaN' : n > 0 ? '∞' : '−∞';
  const size = Math.abs(n);
  if (Number.isInteger(n) && size < 1e15) return minus(groupThousands(String(n)));
  if (size >= 1e9 || size < 1e-4) return minus(n.toExponential(3).replace(/\.?0+e/, 'e').replace('e+', 'e'));
  const digits = n.toPrecision(size >= 1e5 ? 9 : 6);
  return minus(digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
}

/** A whole number with its thousands set apart. */
export function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

function minus(text: string): string {
  return text.replace(/^-/, '−').replace('e-', 'e−');
}

/** A text that is a number with more digits than anybody compares at a glance, in six; any other as it is. */
export function shortNumber(text: string): string {
  return /^-?\d*\.\d+(e[+-]?\d+)?$/i.test(text) && text.replace(/e.*$/i, '').replace(/^-?0?\.?0*/, '').length > 8 ? formatNumber(Number(text)) : text;
}

/** A parameter or summary value on one line. */
export function formatJson(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value);
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes in decimal units: "0 B", "914 B", "1.2 kB", "38 MB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 || value >= 99.5 ? value.toFixed(0) : value.toPrecision(2);
  return `${text} ${units[unit]}`;
}

/** "1 run", "2 runs", "3 400 runs". */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${groupThousands(String(n))} ${n === 1 ? one : many}`;
}
