// Marks of the axes, in words people read.
import { formatNumber } from '../format/numbers';
import { clockTime, duration } from '../format/time';
import type { XAxis } from './lines';

/** Distances of marks on the axis of elapsed seconds that people count in. */
export const timeSteps = [
  0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800,
  432_000, 864_000,
];

/** The x value as a person reads it. */
export function xLabel(value: number, x: XAxis): string {
  if (x === 'time') return clockTime(value * 1000);
  if (x === 'relative') return value === 0 ? '0' : duration(value * 1000).replace('.0 s', ' s');
  return Math.abs(value) >= 10_000 ? compact(value) : formatNumber(value);
}

export const compact = (value: number): string =>
  new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 }).format(value).replace('-', '−');

/** A mark of the y axis: short, so that the axis stays narrow. */
export function yLabel(value: number | null): string {
  if (value === null) return '';
  return Math.abs(value) >= 100_000 ? compact(value) : formatNumber(Number(value.toPrecision(4)));
}

/** Marks in short words; where these would say the same of different places, as far inside of a long axis, in full ones. */
export function markLabels(marks: readonly (number | null)[], short: (value: number) => string): string[] {
  const known = marks.filter((mark) => mark !== null);
  const words = known.map(short);
  const say = new Set(words).size === words.length ? short : inFull;
  return marks.map((mark) => (mark === null ? '' : say(mark)));
}

/** Pixels that a mark of the horizontal axis needs: far inside of a long axis its words are long. */
export const markSpace = (x: XAxis, min: number, max: number): number => (x !== 'step' ? 80 : (max - min) * 1000 < max ? 90 : 56);

/** As many digits as a mark needs, without the noise of its last bits. */
const inFull = (value: number): string => (Number.isInteger(value) ? formatNumber(value) : String(Number(value.toPrecision(12))).replaceAll('-', '−'));

export const axisName = (x: XAxis): string => (x === 'step' ? 'step' : x === 'relative' ? 'elapsed' : x === 'time' ? 'time' : x);
