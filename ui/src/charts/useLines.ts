// The lines of one metric for the runs of a page, in the part of the axis that is looked at.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Series } from '../api/columns';
import type { WireNumber } from '../api/types';
import { groupLines } from './group';
import { isMetricAxis, joinLine, type Line, stepsWithin, toLine } from './lines';
import { isRange, type Look } from './look';
import { bucketsFor, seriesQuery } from './seriesQuery';
import { smooth } from './smooth';

export interface ChartRun {
  id: string;
  label: string;
  color: string;
  startedAt: number;
  /** Its newest values: what is drawn where a run set a value without logging points. */
  latest?: Readonly<Record<string, WireNumber>>;
  /** Asked for with the others, so that it is there when it shall be drawn, but not drawn now. */
  isHidden?: boolean;
}

export type Grouping = (id: string) => { name: string; color: string };

/** Points of two metrics meet where they share a step: that asks for points, not for a sample of each. */
const joinedBuckets = 2500;

export function useLines(scope: readonly unknown[], metric: string, runs: readonly ChartRun[], look: Look, width: number, grouping: Grouping | null) {
  const { x, from, to } = look;
  const ids = useMemo(() => runs.map(({ id }) => id), [runs]);
  const isJoined = isMetricAxis(x);
  const wish = {
    runs: ids, buckets: isJoined ? joinedBuckets : bucketsFor(width, ids.length), times: x === 'relative' || x === 'time',
  };
  const isZoomed = isRange(look);
  const steps = isZoomed && x === 'step' ? { from: from === undefined ? from : Math.ceil(from), to: to === undefined ? to : Math.floor(to) } : null;
  const first = useQuery(seriesQuery(scope, metric, { ...wish, ...steps }));
  const client = useQueryClient();
  const axis = useQuery({ ...seriesQuery(scope, x, wish), enabled: isJoined && ids.length > 0 });
  const whole = useMemo(() => build(first.data, isJoined ? axis.data ?? [] : null, runs, look), [first.data, axis.data, isJoined, runs, x]);

  // Another axis than steps: which steps are meant shows in what is there already.
  const meant = isZoomed && !steps && !isJoined ? stepsWithin(whole, x, from ?? -Infinity, to ?? Infinity) : null;
  const finer = useQuery({ ...seriesQuery(scope, metric, { ...wish, ...meant }), enabled: meant !== null });
  const isFiner = meant !== null && finer.data !== undefined && !finer.isPlaceholderData;
  const fine = useMemo(() => (isFiner ? build(finer.data, null, runs, look) : null), [isFiner, finer.data, runs, x]);

  const { smooth: weight } = look;
  const lines = useMemo(() => {
    const grouped = grouping ? groupLines(fine ?? whole, grouping) : fine ?? whole;
    if (weight === 0) return grouped;
    return grouped.map((line) => ({ ...line, y: smooth(line.y, weight), raw: grouping ? undefined : line.y }));
  }, [whole, fine, weight, grouping]);
  const hidden = useMemo(() => new Set(runs.filter(({ isHidden }) => isHidden).map(({ id }) => id)), [runs]);
  const shown = (isFiner ? finer.data : first.data)?.filter(({ run }) => !hidden.has(run));
  return {
    lines,
    /** The line of each run, as it was logged. */
    perRun: whole,
    /** The same, as far as it is looked at. */
    seen: fine ?? whole,
    /** Asks for a range of steps that is about to be shown: the answer is on its way while the page makes itself ready. */
    askAhead: (range: { from: number; to: number }) => void client.prefetchQuery(seriesQuery(scope, metric, { ...wish, ...range })),
    count: isJoined ? whole.reduce((sum, line) => sum + line.x.length, 0) : shown?.reduce((sum, { count }) => sum + count, 0) ?? 0,
    isSampled: shown?.some(({ count, steps: drawn }) => drawn.length < count) ?? false,
    isWaiting: first.isPending || (isJoined && axis.isPending),
    isStale: first.isPlaceholderData || (meant !== null && !isFiner),
    error: first.error ?? axis.error ?? finer.error,
  };
}

function build(series: readonly Series[] | undefined, axis: readonly Series[] | null, runs: readonly ChartRun[], { x }: Look): Line[] {
  const byRun = new Map(series?.map((one) => [one.run, one]));
  const axisByRun = axis && new Map(axis.map((one) => [one.run, one]));
  return runs.flatMap((run) => {
    const one = byRun.get(run.id);
    if (!one || run.isHidden) return [];
    if (!axisByRun) return [toLine(one, x, run)];
    const along = axisByRun.get(run.id);
    return along ? [joinLine(one, along, run)] : [];
  });
}
