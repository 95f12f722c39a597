// How the charts of a page look: all of it is in the address.
import { oneOf, text } from '../search';
import type { XAxis } from './lines';

export interface ChartsSearch {
  q?: string | undefined;
  /** 'relative', 'time', or 'metric:NAME'; nothing is the step. */
  x?: string | undefined;
  scale?: 'log' | undefined;
  xscale?: 'log' | undefined;
  /** Weight of the moving average, from 0 to 0.99. */
  smooth?: number | undefined;
  outliers?: 'hide' | undefined;
  /** What is zoomed to, in units of the horizontal axis. */
  from?: number | undefined;
  to?: number | undefined;
  /** Ends of the vertical scale. */
  low?: number | undefined;
  high?: number | undefined;
}

export interface Look {
  x: XAxis;
  logX: boolean;
  logY: boolean;
  smooth: number;
  robust: boolean;
  from?: number | undefined;
  to?: number | undefined;
  low?: number | undefined;
  high?: number | undefined;
}

const metricAxis = 'metric:';

export function readChartsSearch(s: Record<string, unknown>): ChartsSearch {
  return {
    q: text(s['q']),
    x: axisOf(text(s['x'])),
    scale: oneOf(s['scale'], ['log']),
    xscale: oneOf(s['xscale'], ['log']),
    smooth: weight(s['smooth']),
    outliers: oneOf(s['outliers'], ['hide']),
    from: finite(s['from']),
    to: finite(s['to']),
    low: finite(s['low']),
    high: finite(s['high']),
  };
}

export function toLook({ x, scale, xscale, smooth, outliers, from, to, low, high }: ChartsSearch): Look {
  return {
    x: x === undefined ? 'step' : x.startsWith(metricAxis) ? x.slice(metricAxis.length) : x,
    logX: xscale === 'log' && x !== 'time', logY: scale === 'log', smooth: smooth ?? 0, robust: outliers === 'hide', from, to, low, high,
  };
}

/** Whether a part of the x axis is looked at; one end may be open. */
export const isRange = ({ from, to }: Pick<Look, 'from' | 'to'>): boolean => (from !== undefined || to !== undefined) && (from ?? -Infinity) < (to ?? Infinity);

/** The x axis as the address has it. */
export function writeAxis(x: XAxis): string | undefined {
  return x === 'step' ? undefined : x === 'relative' || x === 'time' ? x : metricAxis + x;
}

function axisOf(x: string | undefined): string | undefined {
  return x === 'relative' || x === 'time' || x?.startsWith(metricAxis) ? x : undefined;
}

function weight(value: unknown): number | undefined {
  const n = finite(value);
  return n === undefined || n <= 0 ? undefined : Math.min(n, 0.99);
}

function finite(value: unknown): number | undefined {
  if (value === undefined || value === '') return undefined;
  const n = Number(value);
  return Number.isFinite(n) ? n : undefined;
}
