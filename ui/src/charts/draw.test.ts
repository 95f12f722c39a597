import { expect, test } from 'vitest';
import { trace, type Frame } from './draw';

/** Hears what is drawn. */
function ear() {
  const points: [number, number][] = [];
  return { points, moveTo: (x: number, y: number) => void points.push([x, y]), lineTo: (x: number, y: number) => void points.push([x, y]) };
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test('drawn extremes are the true ones over ten thousand windows', () => {
  const next = random(7);
  const count = 20_000;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    x[i] = at += Math.floor(next() * 3);
    const kind = next();
    y[i] = kind < 0.001 ? NaN : kind < 0.002 ? Infinity : kind < 0.004 ? (next() - 0.5) * 1e4 : next();
  }
  for (let i = 0; i < 10_000; i++) {
    const first = Math.floor(next() * count);
    const last = Math.min(count - 1, first + 1 + Math.floor(next() * (i % 2 === 0 ? 300 : 3_000)));
    if (x[last] === x[first]) continue;
    // One unit of y is one pixel, so that what was drawn can be read back.
    const frame: Frame = { left: 0, top: 0, width: 50 + Math.floor(next() * 900), height: 1e5, x: { min: x[first]!, max: x[last]! }, y: { min: -5e4, max: 5e4 }, logX: false, logY: false };
    const pen = ear();
    trace(pen, x, y, frame);
    let [least, greatest] = [Infinity, -Infinity];
    for (let j = 0; j < count; j++) {
      if (x[j]! < x[first]!) continue;
      if (x[j]! > x[last]!) break;
      if (!Number.isFinite(y[j]!)) continue;
      least = Math.min(least, y[j]!);
      greatest = Math.max(greatest, y[j]!);
    }
    const inside = pen.points.filter(([px]) => px >= 0 && px <= frame.width).map(([, py]) => 5e4 - py);
    if (greatest < least) continue;
    // A neighbour beyond the edge may be drawn too; what lies inside must be.
    expect(Math.min(...inside)).toBeLessThanOrEqual(least + 1e-6);
    expect(Math.max(...inside)).toBeGreaterThanOrEqual(greatest - 1e-6);
    const beyond = pen.points.map(([, py]) => 5e4 - py).filter((value) => value < least - 1e-6 || value > greatest + 1e-6);
    expect(beyond.length).toBeLessThanOrEqual(8);
  }
}, 60_000);

test('a value that cannot be drawn is a gap, and a point alone is seen', () => {
  const pen = ear();
  const strokes: string[] = [];
  const noted = { moveTo: (x: number, y: number) => { strokes.push('m'); pen.moveTo(x, y); }, lineTo: (x: number, y: number) => { strokes.push('l'); pen.lineTo(x, y); } };
  trace(noted, Float64Array.of(0, 1, 2, 3, 4), Float64Array.of(1, 2, NaN, 3, NaN), { left: 0, top: 0, width: 100, height: 100, x: { min: 0, max: 4 }, y: { min: 0, max: 4 }, logX: false, logY: false });
  expect(strokes.join('')).toBe('mlml');
});

test('a log scale leaves out what has no place on it', () => {
  const pen = ear();
  trace(pen, Float64Array.of(1, 10, 100), Float64Array.of(10, 0, 1000), { left: 0, top: 0, width: 100, height: 100, x: { min: 1, max: 100 }, y: { min: 10, max: 1000 }, logX: true, logY: true });
  expect(pen.points[0]).toEqual([0, 100]);
  expect(pen.points.at(-2)).toEqual([100, 0]);
});
