import { useCallback, useMemo, useState } from 'react';
import { formatNumber } from '../format/numbers';
import { cssColor } from '../runs/selection';
import { Canvas, fitText, type Ink } from './Canvas';
import style from './charts.module.css';
import { hotRun, setHotRun } from './hotRun';

export interface Bar {
  id: string;
  label: string;
  color: string;
  value: number;
}

const rowHeight = 20;
const gap = 4;
const edge = 2;
const shownAtMost = 40;

const heightOf = (rows: number) => rows * (rowHeight + gap) + edge;

/** How many of so many bars are seen at once within a height, and how high they stand: whole bars, and no more than there are. */
export function fitBars(bars: number, height: number): { seen: number; height: number } {
  const room = Math.floor((height - edge) / (rowHeight + gap));
  const seen = Math.max(1, Math.min(bars, shownAtMost, room));
  return { seen, height: heightOf(seen) };
}

/** One value of every run, greatest first; from zero, so that lengths can be compared. */
export function BarChart({ bars, label, height, onPick }: { bars: readonly Bar[]; label: string; height: number; onPick?: (id: string) => void }) {
  const sorted = useMemo(() => [...bars].filter(({ value }) => Number.isFinite(value)).sort((a, b) => b.value - a.value), [bars]);
  const shown = sorted.slice(0, shownAtMost);
  const [hot, setHot] = useState<string | null>(hotRun());
  const full = heightOf(shown.length);
  const fit = fitBars(shown.length, height);
  const isCut = fit.seen < shown.length || sorted.length > shown.length;
  const paint = useCallback((ctx: CanvasRenderingContext2D, width: number, _: number, ink: Ink) => drawBars(ctx, width, ink, shown, hot), [sorted, hot]);
  const rowAt = (y: number) => shown[Math.floor((y - edge) / (rowHeight + gap))];
  const point = (id: string | null) => {
    setHot(id);
    setHotRun(id);
  };
  return (
    <div className={style.bars} style={{ height: fit.height }} data-cut={isCut || undefined} tabIndex={isCut ? 0 : undefined} role="group" aria-label={label}>
      <Canvas
        height={full} label={`${label}: ${sorted.slice(0, 5).map((bar) => `${bar.label} ${formatNumber(bar.value)}`).join(', ')}`} paint={paint} cursor={onPick ? 'pointer' : undefined}
        onMove={(_, y) => point(rowAt(y)?.id ?? null)} onLeave={() => point(null)}
        {...(onPick ? { onUp: (_: number, y: number) => { const row = rowAt(y); if (row) onPick(row.id); } } : {})}
      />
      {sorted.length > shown.length && <p className={style.rest}>and {sorted.length - shown.length} more</p>}
    </div>
  );
}

function drawBars(ctx: CanvasRenderingContext2D, width: number, ink: Ink, bars: readonly Bar[], hot: string | null): void {
  ctx.font = ink.font;
  ctx.textBaseline = 'middle';
  const words = Math.min(width * 0.4, Math.max(40, ...bars.map(({ label }) => ctx.measureText(label).width + 8)));
  const numbers = Math.max(30, ...bars.map(({ value }) => ctx.measureText(formatNumber(value)).width + 8));
  const room = Math.max(20, width - words - numbers);
  const least = Math.min(0, ...bars.map(({ value }) => value));
  const greatest = Math.max(0, ...bars.map(({ value }) => value));
  const unit = greatest > least ? room / (greatest - least) : 0;
  const zero = words - least * unit;
  bars.forEach(({ id, label, color, value }, i) => {
    const top = edge + i * (rowHeight + gap);
    ctx.globalAlpha = hot === null || hot === id ? 1 : 0.45;
    ctx.fillStyle = cssColor(color);
    const left = Math.min(zero, zero + value * unit);
    ctx.fillRect(left, top, Math.max(1, Math.abs(value * unit)), rowHeight);
    ctx.globalAlpha = 1;
    ctx.fillStyle = ink.text;
    ctx.textAlign = 'right';
    ctx.fillText(fitText(ctx, label, words - 8), words - 6, top + rowHeight / 2);
    ctx.textAlign = 'left';
    ctx.fillText(formatNumber(value), Math.max(zero, left + Math.abs(value * unit)) + 5, top + rowHeight / 2);
  });
  ctx.fillStyle = ink.muted;
  ctx.fillRect(zero - 0.5, 0, 1, bars.length * (rowHeight + gap));
}
