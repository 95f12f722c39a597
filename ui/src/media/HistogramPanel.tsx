import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { api } from '../api/client';
import { yLabel } from '../charts/axes';
import { Canvas, type Ink } from '../charts/Canvas';
import { toNumber } from '../format/numbers';
import { axisOf, marksOf, placeOf } from '../workspace/values';
import style from './media.module.css';

const edge = { left: 54, right: 10, top: 6, bottom: 20 };

interface Histogram {
  step: number;
  counts: number[];
  edges: number[];
}

/** Those of finite numbers; nothing else has a place on an axis. */
async function read(runId: string, name: string, signal: AbortSignal): Promise<Histogram[]> {
  const { histograms } = await api.histograms(runId, name, signal);
  return histograms
    .map(({ step, counts, edges }) => ({ step, counts: counts.map(toNumber), edges: edges.map(toNumber) }))
    .filter(({ counts, edges }) => [...counts, ...edges].every(Number.isFinite));
}

/** Histograms of one run over its steps: a column for each, the darker the more values; beside it the one of a step. */
export function HistogramPanel({ runId, name, step }: { runId: string; name: string; step: number | undefined }) {
  const { data, error, isPending } = useQuery({
    queryKey: ['run', runId, 'series', 'histograms', name], queryFn: ({ signal }) => read(runId, name, signal),
  });
  const all = data ?? [];
  const current = (step === undefined ? all.at(-1) : all.findLast((one) => one.step <= step)) ?? all[0];
  if (error) return <p className={style.quiet}>{error.message}</p>;
  if (isPending) return <p className={style.quiet}>Loading…</p>;
  if (!current) return <p className={style.quiet}>These histograms are not of a form that can be drawn.</p>;
  return (
    <div className={style.pair}>
      {all.length > 1 && <Over histograms={all} name={name} current={current.step} />}
      <Bars counts={current.counts} edges={current.edges} label={`${name} at step ${current.step}`} />
    </div>
  );
}

function Over({ histograms, name, current }: { histograms: readonly Histogram[]; name: string; current: number }) {
  const axes = useMemo(() => {
    const y = axisOf([Math.min(...histograms.map(({ edges }) => edges[0]!)), Math.max(...histograms.map(({ edges }) => edges.at(-1)!))]);
    return { y: y.kind === 'number' ? { ...y, log: false } : y, x: { kind: 'number' as const, min: histograms[0]!.step, max: histograms.at(-1)!.step, log: false } };
  }, [histograms]);
  const paint = useCallback((ctx: CanvasRenderingContext2D, width: number, height: number, ink: Ink) => {
    const [wide, tall] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
    const top = (value: number) => edge.top + (1 - placeOf(axes.y, value)!) * tall;
    histograms.forEach(({ counts, edges, step }, i) => {
      const left = edge.left + placeOf(axes.x, step)! * wide * ((histograms.length - 1) / histograms.length);
      const after = histograms[i + 1];
      const right = after ? edge.left + placeOf(axes.x, after.step)! * wide * ((histograms.length - 1) / histograms.length) : edge.left + wide;
      // By density: bars of different widths are then alike.
      const dense = counts.map((count, bar) => count / Math.max(1e-300, edges[bar + 1]! - edges[bar]!));
      const most = Math.max(...dense) || 1;
      ctx.fillStyle = ink.accent;
      dense.forEach((density, bar) => {
        if (density <= 0) return;
        ctx.globalAlpha = 0.06 + 0.94 * Math.sqrt(density / most);
        const [low, high] = [top(edges[bar]!), top(edges[bar + 1]!)];
        ctx.fillRect(left, high, Math.max(1, right - left + 0.5), Math.max(0.6, low - high + 0.3));
      });
      ctx.globalAlpha = 1;
      if (step === current) {
        ctx.strokeStyle = ink.text;
        ctx.lineWidth = 1;
        ctx.strokeRect(left + 0.5, edge.top, Math.max(1, right - left), tall);
      }
    });
    marks(ctx, axes.x, axes.y, width, height, ink);
  }, [histograms, axes, current]);
  return <Canvas height={190} paint={paint} label={`${name} over ${histograms.length} steps`} />;
}

function marks(ctx: CanvasRenderingContext2D, x: Parameters<typeof marksOf>[0], y: Parameters<typeof marksOf>[0], width: number, height: number, ink: Ink): void {
  const [wide, tall] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
  ctx.font = ink.font;
  ctx.fillStyle = ink.muted;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  for (const { place, value } of marksOf(x, Math.max(2, Math.floor(wide / 90)))) ctx.fillText(yLabel(value as number), edge.left + place * wide, height - 8);
  ctx.textAlign = 'right';
  for (const { place, value } of marksOf(y, 4)) ctx.fillText(yLabel(value as number), edge.left - 6, edge.top + (1 - place) * tall);
}

export function Bars({ counts, edges, label }: { counts: readonly number[]; edges: readonly number[]; label: string }) {
  const paint = useCallback((ctx: CanvasRenderingContext2D, width: number, height: number, ink: Ink) => {
    const [wide, tall] = [width - edge.left - edge.right, height - edge.top - edge.bottom];
    const [first, last] = [edges[0]!, edges.at(-1)!];
    const most = Math.max(...counts) || 1;
    const at = (value: number) => edge.left + ((value - first) / (last - first || 1)) * wide;
    ctx.fillStyle = ink.accent;
    counts.forEach((count, i) => ctx.fillRect(at(edges[i]!), edge.top + tall * (1 - count / most), Math.max(1, at(edges[i + 1]!) - at(edges[i]!) - 0.5), (tall * count) / most));
    marks(ctx, { kind: 'number', min: first, max: last > first ? last : first + 1, log: false }, { kind: 'number', min: 0, max: most, log: false }, width, height, ink);
  }, [counts, edges]);
  return <Canvas height={190} paint={paint} label={label} />;
}
