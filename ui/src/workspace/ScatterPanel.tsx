import { useCallback, useMemo, useState } from 'react';
import type { RunRow } from '../api/types';
import { yLabel } from '../charts/axes';
import { Canvas, fitText, type Ink } from '../charts/Canvas';
import style from '../charts/charts.module.css';
import { setHotRun } from '../charts/hotRun';
import { formatNumber } from '../format/numbers';
import { cssColor } from '../runs/selection';
import { type Axis, axisOf, columnTitle, marksOf, placeOf, type Value, valueOf } from './values';

export interface Dot {
  row: RunRow;
  label: string;
  color: string;
}

const edge = { left: 58, right: 14, top: 10, bottom: 36 };
const reach = 14;

/** A point for each run: two of its columns against each other. */
export function ScatterPanel({ dots, columns: [x, y], height, onPick }: {
  dots: readonly Dot[]; columns: readonly [string, string]; height: number; onPick: (id: string) => void;
}) {
  const plot = useMemo(() => {
    const [xs, ys] = [dots.map(({ row }) => valueOf(row, x)), dots.map(({ row }) => valueOf(row, y))];
    const [xAxis, yAxis] = [axisOf(xs), axisOf(ys)];
    const places = dots.flatMap((dot, i) => {
      const [px, py] = [placeOf(xAxis, xs[i]!), placeOf(yAxis, ys[i]!)];
      return px === null || py === null ? [] : [{ dot, px, py, x: xs[i]!, y: ys[i]! }];
    });
    return { xAxis, yAxis, places };
  }, [dots, x, y]);
  const [hot, setHot] = useState<{ id: string; left: number; top: number } | null>(null);
  const paint = useCallback((ctx: CanvasRenderingContext2D, width: number, tall: number, ink: Ink) => {
    drawAxes(ctx, width, tall, ink, plot.xAxis, plot.yAxis, columnTitle(x), columnTitle(y));
    for (const { dot, px, py } of plot.places) {
      const { left, top } = spot(px, py, width, tall);
      ctx.beginPath();
      ctx.arc(left, top, dot.row.run.id === hot?.id ? 7 : 4.5, 0, 7);
      ctx.globalAlpha = hot && dot.row.run.id !== hot.id ? 0.4 : 0.85;
      ctx.fillStyle = cssColor(dot.color);
      ctx.fill();
    }
    ctx.globalAlpha = 1;
  }, [plot, x, y, hot]);
  const find = (mx: number, my: number, width: number) => {
    let best: { id: string; left: number; top: number } | null = null;
    let far = reach;
    for (const { dot, px, py } of plot.places) {
      const at = spot(px, py, width, height);
      const distance = Math.hypot(at.left - mx, at.top - my);
      if (distance < far) [best, far] = [{ id: dot.row.run.id, ...at }, distance];
    }
    return best;
  };
  const point = (next: typeof hot) => {
    if (next?.id !== hot?.id) setHot(next);
    setHotRun(next?.id ?? null);
  };
  const told = hot && plot.places.find(({ dot }) => dot.row.run.id === hot.id);
  return (
    <div className={style.plot}>
      <Canvas
        height={height} label={`${columnTitle(y)} against ${columnTitle(x)}, ${plot.places.length} runs`} paint={paint} cursor={hot ? 'pointer' : undefined}
        onMove={(mx, my, width) => point(find(mx, my, width))} onLeave={() => point(null)}
        onUp={(mx, my, width) => { const found = find(mx, my, width); if (found) onPick(found.id); }}
      />
      {told && (
        <div className={style.told} style={{ left: Math.max(0, hot.left - 120), top: hot.top > height / 2 ? hot.top - 86 : hot.top + 12 }}>
          <strong>{told.dot.label}</strong>
          <div><span>{columnTitle(x)}</span><b>{say(told.x)}</b></div>
          <div><span>{columnTitle(y)}</span><b>{say(told.y)}</b></div>
        </div>
      )}
      {plot.places.length === 0 && <p className={style.note}>No run that is drawn has a value in both columns.</p>}
    </div>
  );
}

const say = (value: Value): string => (typeof value === 'number' ? formatNumber(value) : String(value));

function spot(px: number, py: number, width: number, height: number): { left: number; top: number } {
  return { left: edge.left + px * (width - edge.left - edge.right), top: height - edge.bottom - py * (height - edge.top - edge.bottom) };
}

function drawAxes(ctx: CanvasRenderingContext2D, width: number, height: number, ink: Ink, x: Axis, y: Axis, xTitle: string, yTitle: string): void {
  ctx.font = ink.font;
  ctx.textBaseline = 'middle';
  ctx.lineWidth = 1;
  const room = width - edge.left - edge.right;
  const marks = marksOf(x, Math.max(2, Math.floor(room / 80)));
  for (const { place, value } of marks) {
    const { left } = spot(place, 0, width, height);
    ctx.fillStyle = ink.grid;
    ctx.fillRect(left, edge.top, 1, height - edge.top - edge.bottom);
    ctx.fillStyle = ink.muted;
    ctx.textAlign = 'center';
    ctx.fillText(fitText(ctx, typeof value === 'number' ? yLabel(value) : value, room / marks.length - 4), left, height - edge.bottom + 11);
  }
  for (const { place, value } of marksOf(y, 5)) {
    const { top } = spot(0, place, width, height);
    ctx.fillStyle = ink.grid;
    ctx.fillRect(edge.left, top, room, 1);
    ctx.fillStyle = ink.muted;
    ctx.textAlign = 'right';
    ctx.fillText(fitText(ctx, typeof value === 'number' ? yLabel(value) : value, edge.left - 8), edge.left - 6, top);
  }
  ctx.fillStyle = ink.text;
  ctx.textAlign = 'center';
  ctx.fillText(fitText(ctx, xTitle, room), edge.left + room / 2, height - 9);
  ctx.save();
  ctx.translate(8, edge.top + (height - edge.top - edge.bottom) / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(fitText(ctx, yTitle, height - edge.top - edge.bottom), 0, 0);
  ctx.restore();
}
