// Measurements of the machine, whichever client took them, over the time since the run began.
import type { SeriesData } from '../api/types';
import { toNumber } from '../format/numbers';

export interface LoadSeries {
  name: string;
  /** Seconds since the start of the run. */
  x: number[];
  y: (number | null)[];
}

/** W&B's client writes "system.cpu", MLflow's "system/cpu_utilization_percentage". */
export function isSystemKey(key: string): boolean {
  return key.startsWith('system/') || key.startsWith('system.');
}

export function systemSeries(series: readonly SeriesData[], startedAt: number): LoadSeries[] {
  return series.map((one) => toLoad(one, one.key.slice('system.'.length), startedAt)).filter(({ x }) => x.length > 0).sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function toLoad({ times, values }: SeriesData, name: string, startedAt: number): LoadSeries {
  const points = times.map((time, i) => ({ x: Math.max(0, (time - startedAt) / 1000), y: toNumber(values[i]!) })).sort((a, b) => a.x - b.x);
  return { name, x: points.map(({ x }) => x), y: points.map(({ y }) => (Number.isFinite(y) ? y : null)) };
}
