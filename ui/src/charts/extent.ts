// What part of the plane a chart shows.
import { type Line, lowerBound } from './lines';

export interface Extent {
  min: number;
  max: number;
}

/** From the first point of all lines to the last; a single moment still gets an axis around it. */
export function xExtent(lines: readonly Line[], log = false): Extent {
  let min = Infinity;
  let max = -Infinity;
  for (const { x } of lines) {
    // A log axis begins at the first point above 0.
    const first = log ? lowerBound(x, Number.MIN_VALUE) : 0;
    if (first >= x.length) continue;
    min = Math.min(min, x[first]!);
    max = Math.max(max, x[x.length - 1]!);
  }
  if (min > max) return log ? { min: 1, max: 10 } : { min: 0, max: 1 };
  return max > min ? { min, max } : log ? { min: min / 2, max: max * 2 } : { min: min - 1, max: max + 1 };
}

export interface YOptions {
  log: boolean;
  /** Shows the middle 98 % of the drawn values, so that a few outliers do not flatten the rest. */
  robust: boolean;
  /** Ends of the scale that were set, where they were. */
  low?: number | undefined;
  high?: number | undefined;
}

/** What of the vertical axis is shown: its ends where they were set, else what the values span. */
export function yExtent(lines: readonly Line[], x: Extent, options: YOptions): Extent {
  const { log, low, high } = options;
  const spanned = low !== undefined && high !== undefined ? { min: low, max: high } : valueExtent(lines, x, options);
  // A log scale shows nothing at or below 0.
  const min = low === undefined || (log && low <= 0) ? spanned.min : low;
  const max = high === undefined || (log && high <= 0) ? spanned.max : high;
  if (min < max) return { min, max };
  // One end was set beyond all values.
  const air = Math.max(Math.abs(min) * 0.1, 1e-9);
  return low === undefined ? { min: log ? max / 2 : max - air, max } : { min, max: log ? min * 2 : min + air };
}

/** The values between two x, with a little air; what a log scale cannot show does not count. */
function valueExtent(lines: readonly Line[], x: Extent, { log, robust }: YOptions): Extent {
  const values: number[] = [];
  let min = Infinity;
  let max = -Infinity;
  const take = (value: number) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    if (value < min) min = value;
    if (value > max) max = value;
    if (robust) values.push(value);
  };
  for (const line of lines) {
    const { x: xs, y, raw, low, high } = line;
    for (let i = 0; i < xs.length; i++) {
      if (xs[i]! < x.min || xs[i]! > x.max) continue;
      take(y[i]!);
      if (raw) take(raw[i]!);
      if (low) take(low[i]!);
      if (high) take(high[i]!);
    }
  }
  if (robust && values.length > 20) {
    const sorted = Float64Array.from(values).sort();
    min = sorted[Math.floor((sorted.length - 1) * 0.01)]!;
    max = sorted[Math.ceil((sorted.length - 1) * 0.99)]!;
  }
  if (min > max) return log ? { min: 0.1, max: 1 } : { min: 0, max: 1 };
  if (log) return min === max ? { min: min / 2, max: max * 2 } : { min: min / 1.1, max: max * 1.1 };
  const air = min === max ? Math.max(Math.abs(min) * 0.1, 1e-9) : (max - min) * 0.06;
  return { min: min - air, max: max + air };
}
