// Series of points → the columns a chart draws: one x for all, one y column per series.
import type { SeriesData } from '../api/types';
import { toNumber } from '../format/numbers';

export type XAxis = 'step' | 'relative' | 'time';

/** null is a gap in the line (NaN, ±∞, or what a log scale cannot show); undefined is "no point of this series here". */
export type Column = (number | null | undefined)[];

export interface ChartData {
  x: number[];
  y: Column[];
  /** Points that no line can show, because they are NaN or infinite. */
  notFinite: number;
}

export interface MergeOptions {
  x: XAxis;
  /** Start of the run in Unix milliseconds: where relative time is 0. */
  startedAt: number;
  log?: boolean;
}

/** Merges by x. Points of one series that share an x all stay, in their order. */
export function mergeSeries(series: readonly SeriesData[], { x: axis, startedAt, log = false }: MergeOptions): ChartData {
  const tracks = series.map((one) => track(one, axis, startedAt, log));
  const notFinite = tracks.reduce((sum, t) => sum + t.notFinite, 0);
  if (tracks.length === 1) return { x: tracks[0]!.xs, y: [tracks[0]!.ys], notFinite };

  const x: number[] = [];
  const y: Column[] = tracks.map(() => []);
  const at = tracks.map(() => 0);
  for (;;) {
    let next = Infinity;
    tracks.forEach((t, i) => {
      const value = t.xs[at[i]!];
      if (value !== undefined && value < next) next = value;
    });
    if (next === Infinity) return { x, y, notFinite };
    x.push(next);
    tracks.forEach((t, i) => {
      const here = t.xs[at[i]!] === next;
      y[i]!.push(here ? t.ys[at[i]!] : undefined);
      if (here) at[i]!++;
    });
  }
}

interface Track {
  xs: number[];
  ys: (number | null)[];
  notFinite: number;
}

function track(series: SeriesData, axis: XAxis, startedAt: number, log: boolean): Track {
  let notFinite = 0;
  const ys = series.values.map((wire) => {
    const value = toNumber(wire);
    if (!Number.isFinite(value)) {
      notFinite++;
      return null;
    }
    return log && value <= 0 ? null : value;
  });
  if (axis === 'step') return { xs: series.steps, ys, notFinite };
  const toX = axis === 'time' ? (time: number) => time / 1000 : (time: number) => (time - startedAt) / 1000;
  const xs = series.times.map(toX);
  return sorted(xs) ? { xs, ys, notFinite } : { ...sortByX(xs, ys), notFinite };
}

function sorted(xs: readonly number[]): boolean {
  for (let i = 1; i < xs.length; i++) if (xs[i]! < xs[i - 1]!) return false;
  return true;
}

/** Points come ordered by step; where steps were logged out of order their times are not. */
function sortByX(xs: readonly number[], ys: readonly (number | null)[]): { xs: number[]; ys: (number | null)[] } {
  const order = xs.map((_, i) => i).sort((a, b) => xs[a]! - xs[b]! || a - b);
  return { xs: order.map((i) => xs[i]!), ys: order.map((i) => ys[i]!) };
}

/** The steps of the points whose x lies within [min, max], to ask the server for that part in full. */
export function stepsWithin(series: readonly SeriesData[], options: MergeOptions, min: number, max: number): { from: number; to: number } | null {
  if (options.x === 'step') {
    const from = Math.ceil(min);
    const to = Math.floor(max);
    return to > from ? { from, to } : null;
  }
  let from = Infinity;
  let to = -Infinity;
  const offset = options.x === 'time' ? 0 : options.startedAt;
  for (const { steps, times } of series) {
    for (let i = 0; i < steps.length; i++) {
      const x = (times[i]! - offset) / 1000;
      if (x < min || x > max) continue;
      from = Math.min(from, steps[i]!);
      to = Math.max(to, steps[i]!);
    }
  }
  return to > from ? { from, to } : null;
}
