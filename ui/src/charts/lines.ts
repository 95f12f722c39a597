// Series → the lines a chart draws: x and y as columns, ordered by x.
import type { Series } from '../api/columns';

/** What the horizontal axis shows; any other text is the name of a metric. */
export type XAxis = 'step' | 'relative' | 'time' | (string & {});

export interface Line {
  /** The run, or the name of a group of runs. */
  id: string;
  label: string;
  /** As CSS has it: a colour, or `var(--name)`. */
  color: string;
  x: Float64Array;
  /** NaN is a gap: a value that no line can show. */
  y: Float64Array;
  /** Drawn behind, so that a smoothed line does not hide what it was made from. */
  raw?: Float64Array | undefined;
  /** Least and greatest around `y`, drawn as a band. */
  low?: Float64Array | undefined;
  high?: Float64Array | undefined;
  /** Steps of the points, where they are not x. */
  steps?: Float64Array | undefined;
}

export const isMetricAxis = (x: XAxis): boolean => x !== 'step' && x !== 'relative' && x !== 'time';

/** Seconds since the run began, or since 1970. */
function toX(series: Series, x: XAxis, startedAt: number): Float64Array {
  if (x === 'step') return series.steps;
  const from = x === 'time' ? 0 : startedAt;
  return series.times.map((time) => (time - from) / 1000);
}

export function toLine(series: Series, x: XAxis, run: { id: string; label: string; color: string; startedAt: number }): Line {
  const line = inOrder(toX(series, x, run.startedAt), series.values, series.steps);
  return { id: run.id, label: run.label, color: run.color, ...line };
}

/** The points where both metrics have a value at one step: x is that of `axis`. */
export function joinLine(series: Series, axis: Series, run: { id: string; label: string; color: string }): Line {
  const at = new Map<number, number>();
  axis.steps.forEach((step, i) => at.set(step, axis.values[i]!));
  const x: number[] = [];
  const y: number[] = [];
  const steps: number[] = [];
  series.steps.forEach((step, i) => {
    const value = at.get(step);
    if (value === undefined || !Number.isFinite(value)) return;
    x.push(value);
    y.push(series.values[i]!);
    steps.push(step);
  });
  return { id: run.id, label: run.label, color: run.color, ...inOrder(Float64Array.from(x), Float64Array.from(y), Float64Array.from(steps)) };
}

/** Points come ordered by step; where steps were logged out of order their times are not. */
function inOrder(x: Float64Array, y: Float64Array, steps: Float64Array): { x: Float64Array; y: Float64Array; steps: Float64Array } {
  for (let i = 1; i < x.length; i++) {
    if (x[i]! >= x[i - 1]!) continue;
    const order = Array.from(x.keys()).sort((a, b) => x[a]! - x[b]! || a - b);
    const pick = (column: Float64Array) => Float64Array.from(order, (at) => column[at]!);
    return { x: pick(x), y: pick(y), steps: pick(steps) };
  }
  return { x, y, steps };
}

/** Points that no line can show: those that are NaN or infinite, and those for which a log scale has no place. */
export function countUnseen(lines: readonly Line[], { logX, logY }: { logX: boolean; logY: boolean }): { notFinite: number; notAboveZero: number } {
  let notFinite = 0;
  let notAboveZero = 0;
  for (const { x, y } of lines) {
    for (let i = 0; i < y.length; i++) {
      if (!Number.isFinite(y[i]!)) notFinite++;
      else if ((logY && y[i]! <= 0) || (logX && x[i]! <= 0)) notAboveZero++;
    }
  }
  return { notFinite, notAboveZero };
}

/** The steps of the points whose x lies within [min, max], to ask the server for that part in full. */
export function stepsWithin(lines: readonly Line[], x: XAxis, min: number, max: number): { from: number; to: number } | null {
  if (x === 'step') return { from: Math.ceil(min), to: Math.floor(max) };
  let from = Infinity;
  let to = -Infinity;
  for (const { x: xs, steps } of lines) {
    if (!steps) continue;
    // One point more on either side: the line goes on beyond the window.
    const first = Math.max(0, lowerBound(xs, min) - 1);
    const last = Math.min(xs.length - 1, lowerBound(xs, max));
    for (let i = first; i <= last; i++) {
      from = Math.min(from, steps[i]!);
      to = Math.max(to, steps[i]!);
    }
  }
  return to >= from ? { from, to } : null;
}

/** Index of the first value not below `least`. */
export function lowerBound(sorted: Float64Array, least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the point whose x is nearest; −1 where there is none. */
export function nearest({ x }: Pick<Line, 'x'>, at: number): number {
  const after = lowerBound(x, at);
  if (after === 0) return x.length > 0 ? 0 : -1;
  if (after === x.length) return x.length - 1;
  return at - x[after - 1]! <= x[after]! - at ? after - 1 : after;
}
