import { useCallback, useMemo, useRef, useState } from 'react';
import { yLabel } from '../charts/axes';
import { Canvas, fitText, type Ink } from '../charts/Canvas';
import { setHotRun } from '../charts/hotRun';
import { cssColor } from '../runs/selection';
import type { Brushes } from './panels';
import type { Dot } from './ScatterPanel';
import { axisOf, columnTitle, marksOf, placeOf, valueOf } from './values';

const edge = { side: 46, top: 26, bottom: 12 };
const reach = 16;

/** A line for each run through several columns. Dragging along an axis keeps the runs that pass there, on the whole page. */
export function ParallelPanel({ dots, columns, height, brushes, onBrush, isKept }: {
  dots: readonly Dot[]; columns: readonly string[]; height: number; brushes: Brushes;
  onBrush: (column: string, range: readonly [number, number] | null) => void; isKept: (id: string) => boolean;
}) {
  const plot = useMemo(() => {
    const axes = columns.map((column) => {
      const values = dots.map(({ row }) => valueOf(row, column));
      const axis = axisOf(values);
      return { column, axis, places: values.map((value) => placeOf(axis, value)) };
    });
    return axes;
  }, [dots, columns]);
  const [hot, setHot] = useState<string | null>(null);
  const [drag, setDrag] = useState<{ column: string; from: number; to: number } | null>(null);
  const dragging = useRef(drag);
  const paint = useCallback((ctx: CanvasRenderingContext2D, width: number, tall: number, ink: Ink) => {
    const leftOf = (i: number) => axisLeft(i, columns.length, width);
    const topOf = (place: number) => edge.top + (1 - place) * (tall - edge.top - edge.bottom);
    const line = (i: number, color: string, thick: number, alpha: number) => {
      ctx.globalAlpha = alpha;
      ctx.strokeStyle = color;
      ctx.lineWidth = thick;
      ctx.beginPath();
      let isDown = false;
      plot.forEach(({ places }, at) => {
        const place = places[i];
        if (place === null || place === undefined) {
          isDown = false;
          return;
        }
        if (isDown) ctx.lineTo(leftOf(at), topOf(place));
        else ctx.moveTo(leftOf(at), topOf(place));
        isDown = true;
      });
      ctx.stroke();
    };
    dots.forEach(({ row }, i) => {
      if (!isKept(row.run.id)) line(i, ink.muted, 1, 0.12);
    });
    dots.forEach(({ row, color }, i) => {
      if (isKept(row.run.id)) line(i, cssColor(color), 1.2, hot === null ? 0.7 : 0.25);
    });
    const found = dots.findIndex(({ row }) => row.run.id === hot);
    if (found >= 0) line(found, cssColor(dots[found]!.color), 2.5, 1);
    ctx.globalAlpha = 1;

    ctx.font = ink.font;
    ctx.textBaseline = 'middle';
    plot.forEach(({ column, axis }, i) => {
      const left = leftOf(i);
      ctx.fillStyle = ink.muted;
      ctx.fillRect(left - 0.5, edge.top, 1, tall - edge.top - edge.bottom);
      ctx.textAlign = i === columns.length - 1 ? 'right' : i === 0 ? 'left' : 'center';
      ctx.fillStyle = ink.text;
      const room = columns.length === 1 ? width : (width - 2 * edge.side) / (columns.length - 1) - 8;
      ctx.fillText(fitText(ctx, columnTitle(column), i === 0 || i === columns.length - 1 ? room / 2 + edge.side - 6 : room), i === 0 ? 2 : i === columns.length - 1 ? width - 2 : left, 9);
      ctx.textAlign = i === columns.length - 1 ? 'left' : 'right';
      for (const { place, value } of marksOf(axis, 4)) {
        const word = fitText(ctx, typeof value === 'number' ? yLabel(value) : value, edge.side - 8);
        const at = i === columns.length - 1 ? left + 5 : left - 5;
        ctx.strokeStyle = ink.surface;
        ctx.lineWidth = 3;
        ctx.strokeText(word, at, topOf(place));
        ctx.fillStyle = ink.muted;
        ctx.fillText(word, at, topOf(place));
      }
      const kept = drag?.column === column ? ([Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)] as const) : brushes.get(column);
      if (kept) {
        ctx.globalAlpha = 0.3;
        ctx.fillStyle = ink.accent;
        ctx.fillRect(left - 7, topOf(kept[1]), 14, Math.max(3, topOf(kept[0]) - topOf(kept[1])));
        ctx.globalAlpha = 1;
        ctx.strokeStyle = ink.accent;
        ctx.lineWidth = 1;
        ctx.strokeRect(left - 7, topOf(kept[1]), 14, Math.max(3, topOf(kept[0]) - topOf(kept[1])));
      }
    });
  }, [plot, dots, columns, hot, drag, brushes, isKept]);

  const placeAt = (y: number) => Math.min(1, Math.max(0, 1 - (y - edge.top) / (height - edge.top - edge.bottom)));
  const move = (next: typeof drag) => {
    dragging.current = next;
    setDrag(next);
  };
  const point = (id: string | null) => {
    setHot(id);
    setHotRun(id);
  };
  return (
    <Canvas
      height={height} paint={paint} cursor="crosshair"
      label={`Parallel coordinates of ${columns.map(columnTitle).join(', ')}, ${dots.length} runs`}
      onDown={(x, y, width) => {
        const i = columns.findIndex((_, at) => Math.abs(axisLeft(at, columns.length, width) - x) < reach);
        if (i >= 0) move({ column: columns[i]!, from: placeAt(y), to: placeAt(y) });
      }}
      onMove={(x, y, width) => {
        if (dragging.current) move({ ...dragging.current, to: placeAt(y) });
        else point(lineAt(plot, x, y, width, height, columns.length, dots, isKept));
      }}
      onUp={() => {
        const done = dragging.current;
        if (!done) return;
        move(null);
        const [low, high] = [Math.min(done.from, done.to), Math.max(done.from, done.to)];
        onBrush(done.column, high - low < 0.015 ? null : [low, high]);
      }}
      onLeave={() => point(null)}
    />
  );
}

function axisLeft(i: number, count: number, width: number): number {
  return count === 1 ? width / 2 : edge.side + (i * (width - 2 * edge.side)) / (count - 1);
}

/** The run whose line passes nearest to the pointer. */
function lineAt(
  plot: readonly { places: readonly (number | null)[] }[], x: number, y: number, width: number, height: number, count: number, dots: readonly Dot[], isKept: (id: string) => boolean,
): string | null {
  const gap = (width - 2 * edge.side) / Math.max(1, count - 1);
  const i = Math.min(count - 2, Math.max(0, Math.floor((x - edge.side) / gap)));
  const share = (x - edge.side) / gap - i;
  let best: string | null = null;
  let far = 8;
  dots.forEach(({ row }, at) => {
    const [a, b] = [plot[i]?.places[at], plot[i + 1]?.places[at]];
    if (a === null || b === null || a === undefined || b === undefined || !isKept(row.run.id)) return;
    const top = edge.top + (1 - (a + (b - a) * share)) * (height - edge.top - edge.bottom);
    if (Math.abs(top - y) < far) [best, far] = [row.run.id, Math.abs(top - y)];
  });
  return best;
}

