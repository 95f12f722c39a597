// Asks for series. Charts that appear together are asked for together: one request for all that want the same runs and range.
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client';
import type { Series } from '../api/columns';

export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

export interface SeriesWish extends Range {
  runs: readonly string[];
  buckets: number;
  /** Whether the times of the points are needed too. */
  times: boolean;
}

/** Charts of a page are alike: the first guess of a chart's width is what another's was, so that its first answer fits. */
export const usual = { width: 400 };

/** Charts that are most likely seen first. */
const first = 6;

/** Asks for the first charts of a run before their code is there. */
export function prefetchSeries(client: QueryClient, runId: string, keys: readonly string[], range: Range): void {
  for (const key of keys.slice(0, first)) {
    void client.prefetchQuery(seriesQuery(['run', runId], key, { runs: [runId], buckets: bucketsFor(usual.width), times: false, ...range }));
  }
}

/** Series of one metric; `scope` leads the key, so that what is live asks for it again. */
export function seriesQuery(scope: readonly unknown[], key: string, wish: SeriesWish) {
  return queryOptions({
    queryKey: [...scope, 'series', key, wish],
    queryFn: () => fetchSeries(key, wish),
    placeholderData: keepPreviousData,
    enabled: wish.runs.length > 0,
    // What was sampled for one range and width is seldom wanted twice.
    gcTime: 60_000,
    structuralSharing: false,
  });
}

/**
 * Parts of the range that keep their extremes: as many as a chart has pixels, in steps of 50 so that charts of about one
 * width share an answer. Where a chart draws many lines, each part is wider: there, no line is looked at by the pixel.
 */
export function bucketsFor(width: number, lines = 1): number {
  const perPixel = lines > 50 ? 0.3 : lines > 15 ? 0.5 : 1;
  return Math.max(100, Math.ceil((width * perPixel) / 50) * 50);
}

interface Waiting {
  key: string;
  resolve: (series: Series[]) => void;
  reject: (error: unknown) => void;
}

const waiting = new Map<string, Waiting[]>();

/** Series in one request: large enough to need few, small enough for the first charts to stand early. */
const seriesAtOnce = 400;

function fetchSeries(key: string, wish: SeriesWish): Promise<Series[]> {
  const group = JSON.stringify(wish);
  return new Promise((resolve, reject) => {
    const batch = waiting.get(group);
    if (batch) {
      batch.push({ key, resolve, reject });
      return;
    }
    waiting.set(group, [{ key, resolve, reject }]);
    queueMicrotask(() => {
      const all = waiting.get(group)!;
      waiting.delete(group);
      const atOnce = Math.max(1, Math.floor(seriesAtOnce / wish.runs.length));
      for (let i = 0; i < all.length; i += atOnce) void send(wish, all.slice(i, i + atOnce));
    });
  });
}

async function send(wish: SeriesWish, batch: readonly Waiting[]): Promise<void> {
  try {
    const keys = [...new Set(batch.map(({ key }) => key))];
    const byKey = new Map<string, Series[]>(keys.map((key) => [key, []]));
    for (const one of await api.drawSeries({ ...wish, keys })) byKey.get(one.key)?.push(one);
    for (const { key, resolve } of batch) resolve(byKey.get(key)!);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
