import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client';
import type { SeriesData } from '../api/types';

export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

/** Points of one metric; charts that appear together are asked for together. */
export function seriesQuery(runId: string, key: string, { from, to }: Range, buckets: number) {
  return queryOptions({
    queryKey: ['run', runId, 'series', key, from ?? null, to ?? null, buckets],
    queryFn: () => fetchSeries(runId, key, { from, to }, buckets),
    placeholderData: keepPreviousData,
  });
}

/** As many buckets as the chart has pixels, in steps of 50 so that charts of about one width share an answer. */
export function bucketsFor(width: number): number {
  return Math.max(100, Math.ceil(width / 50) * 50);
}

interface Waiting {
  key: string;
  resolve: (series: SeriesData) => void;
  reject: (error: unknown) => void;
}

const waiting = new Map<string, Waiting[]>();
const atOnce = 16;

function fetchSeries(runId: string, key: string, range: Range, buckets: number): Promise<SeriesData> {
  const group = JSON.stringify([runId, range.from, range.to, buckets]);
  return new Promise((resolve, reject) => {
    const batch = waiting.get(group);
    if (batch) {
      batch.push({ key, resolve, reject });
      return;
    }
    waiting.set(group, [{ key, resolve, reject }]);
    setTimeout(() => {
      const all = waiting.get(group)!;
      waiting.delete(group);
      for (let i = 0; i < all.length; i += atOnce) void send(runId, range, buckets, all.slice(i, i + atOnce));
    });
  });
}

async function send(runId: string, range: Range, buckets: number, batch: readonly Waiting[]): Promise<void> {
  try {
    const keys = [...new Set(batch.map(({ key }) => key))];
    const { series } = await api.series(runId, { keys, ...range, buckets });
    const byKey = new Map(series.map((one) => [one.key, one]));
    for (const { key, resolve } of batch) {
      resolve(byKey.get(key) ?? { key, count: 0, sampled: false, steps: [], times: [], values: [] });
    }
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
