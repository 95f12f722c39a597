// Lines → strokes on a canvas. Where many points share a column of pixels, the column's first, least, greatest and last
// are drawn and nothing between them: the same picture from fewer strokes.
import type { Extent } from './extent';
import { type Line, lowerBound } from './lines';

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Extent;
  y: Extent;
  logX: boolean;
  logY: boolean;
}

/** Canvas position of a value; NaN where a log scale has no place for it. */
export function scaleX({ left, width, x, logX }: Frame): (value: number) => number {
  return scale(left, width, x.min, x.max, logX);
}

export function scaleY({ top, height, y, logY }: Frame): (value: number) => number {
  return scale(top + height, -height, y.min, y.max, logY);
}

function scale(start: number, length: number, min: number, max: number, log: boolean): (value: number) => number {
  if (log) {
    const from = Math.log10(min);
    const factor = length / (Math.log10(max) - from);
    return (value) => (value > 0 ? start + (Math.log10(value) - from) * factor : NaN);
  }
  const factor = length / (max - min);
  return (value) => start + (value - min) * factor;
}

/** What a line is traced with: a canvas's path, or a test's ear. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

export function trace(pen: Pen, xs: Float64Array, ys: Float64Array, frame: Frame): void {
  const toX = scaleX(frame);
  const toY = scaleY(frame);
  // One point beyond either edge, so that the line leaves the frame as it should.
  const start = Math.max(0, lowerBound(xs, frame.x.min) - 1);
  let end = Math.min(xs.length, lowerBound(xs, frame.x.max) + 1);
  while (end < xs.length && xs[end] === xs[end - 1]) end++;

  let isDown = false;
  let column = NaN;
  let least = 0;
  let greatest = 0;
  let last = 0;
  let flat = true;
  const close = () => {
    if (!flat) {
      pen.lineTo(column, least);
      pen.lineTo(column, greatest);
      pen.lineTo(column, last);
    }
    flat = true;
  };
  for (let i = start; i < end; i++) {
    const y = toY(ys[i]!);
    const x = Math.round(toX(xs[i]!) * 2) / 2;
    if (!Number.isFinite(y) || !Number.isFinite(x)) {
      close();
      isDown = false;
      column = NaN;
      continue;
    }
    if (x === column) {
      flat = false;
      if (y < least) least = y;
      if (y > greatest) greatest = y;
      last = y;
      continue;
    }
    close();
    if (isDown) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    // A point alone between gaps is still seen.
    if (!isDown && !Number.isFinite(i + 1 < end ? toY(ys[i + 1]!) : NaN)) pen.lineTo(x + 1, y);
    isDown = true;
    column = x;
    least = greatest = last = y;
  }
  close();
}

function traceBand(pen: Pen, { x, low, high }: Line, frame: Frame): void {
  const toX = scaleX(frame);
  const toY = scaleY(frame);
  const upper: [number, number][] = [];
  const lower: [number, number][] = [];
  for (let i = 0; i < x.length; i++) {
    const at = toX(x[i]!);
    const [a, b] = [toY(low![i]!), toY(high![i]!)];
    if (!Number.isFinite(at) || !Number.isFinite(a) || !Number.isFinite(b)) continue;
    upper.push([at, b]);
    lower.push([at, a]);
  }
  [...upper, ...lower.reverse()].forEach(([px, py], i) => (i === 0 ? pen.moveTo(px, py) : pen.lineTo(px, py)));
}

/** Points are marked where they are so few that a line alone would hide how few. */
const markedPoints = 40;

export function drawLine(ctx: CanvasRenderingContext2D, line: Line, frame: Frame, color: string, width: number): void {
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineJoin = 'round';
  if (line.low && line.high) {
    ctx.globalAlpha = 0.16;
    ctx.beginPath();
    traceBand(ctx, line, frame);
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  if (line.raw) {
    ctx.globalAlpha = 0.28;
    ctx.lineWidth = width;
    ctx.beginPath();
    trace(ctx, line.x, line.raw, frame);
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
  ctx.lineWidth = width;
  ctx.beginPath();
  trace(ctx, line.x, line.y, frame);
  ctx.stroke();

  const start = lowerBound(line.x, frame.x.min);
  const end = lowerBound(line.x, frame.x.max) + 1;
  if (line.low || end - start > markedPoints) return;
  const toX = scaleX(frame);
  const toY = scaleY(frame);
  ctx.beginPath();
  for (let i = start; i < Math.min(end, line.x.length); i++) {
    const [x, y] = [toX(line.x[i]!), toY(line.y[i]!)];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    ctx.moveTo(x + 1.4 * width, y);
    ctx.arc(x, y, 1.4 * width, 0, 7);
  }
  ctx.fill();
}
