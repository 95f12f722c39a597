// A canvas that fits its place, is sharp on any screen and is drawn again when its size, its theme or what it shows changes.
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTheme } from '../design/theme';
import style from './charts.module.css';

export interface Ink {
  text: string;
  muted: string;
  grid: string;
  surface: string;
  accent: string;
  font: string;
}

export type Paint = (ctx: CanvasRenderingContext2D, width: number, height: number, ink: Ink) => void;

export interface CanvasProps {
  height: number;
  /** What it shows, for those who do not see it. */
  label: string;
  paint: Paint;
  onMove?: (x: number, y: number, width: number) => void;
  onLeave?: () => void;
  onDown?: (x: number, y: number, width: number) => void;
  onUp?: (x: number, y: number, width: number) => void;
  cursor?: string | undefined;
}

export function Canvas({ height, label, paint, onMove, onLeave, onDown, onUp, cursor }: CanvasProps) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = canvas.current!.parentElement!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current!;
    if (width === 0) return;
    const ratio = devicePixelRatio;
    element.width = Math.round(width * ratio);
    element.height = Math.round(height * ratio);
    const ctx = element.getContext('2d')!;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    paint(ctx, width, height, readInk());
  }, [paint, width, height, theme]);

  const at = (act: ((x: number, y: number, width: number) => void) | undefined) => act && ((event: PointerEvent<HTMLCanvasElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    act(event.clientX - left, event.clientY - top, width);
  });
  return (
    <div className={style.plot} style={{ height }}>
      <canvas
        ref={canvas} className={style.canvas} style={{ height, cursor }} role="img" aria-label={label} onPointerMove={at(onMove)}
        onPointerLeave={onLeave}
        onPointerDown={onDown && ((event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          at(onDown)!(event);
        })}
        onPointerUp={at(onUp)}
      />
    </div>
  );
}

function readInk(): Ink {
  const css = getComputedStyle(document.documentElement);
  const read = (name: string) => css.getPropertyValue(name).trim();
  return { text: read('--text'), muted: read('--muted'), grid: read('--chart-grid'), surface: read('--surface'), accent: read('--accent'), font: `11px ${read('--font')}` };
}

/** The text, cut with an ellipsis where it is wider than its place. */
export function fitText(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ctx.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
