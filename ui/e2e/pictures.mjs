// Small pictures as PNG bytes that look like what training code draws: bars and maps of squares.
import { pngOf } from './png.mjs';

const paper = [255, 255, 255];
const ink = [15, 107, 98];
const pale = [219, 238, 234];

const mix = (a, b, share) => a.map((value, i) => Math.round(value + (b[i] - value) * share));

/** Bars from the left, greatest first. */
export function bars(values, width = 360, height = 220) {
  const greatest = Math.max(...values);
  const row = height / values.length;
  return pngOf(width, height, (x, y) => {
    const i = Math.min(values.length - 1, Math.floor(y / row));
    const within = y - i * row > row * 0.2 && y - i * row < row * 0.8;
    const end = 20 + (width - 40) * (values[i] / greatest);
    if (x < 20 || !within) return paper;
    return x < end ? mix(ink, pale, i / (values.length * 1.4)) : paper;
  });
}

/** A map of squares, each between nothing (0) and everything (1). */
export function squares(columns, rows, valueAt, size = 20) {
  const values = Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => Math.max(0, Math.min(1, valueAt(x, y)))));
  return pngOf(columns * size, rows * size, (x, y) => (x % size === 0 || y % size === 0 ? paper : mix(pale, ink, values[Math.floor(y / size)][Math.floor(x / size)])));
}

/** The same between 0 and 1 each time, and without a pattern that one sees. */
export function noise(...seeds) {
  let hash = 2166136261;
  for (const seed of seeds) for (const letter of String(seed)) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 2246822519);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 2 ** 32;
}
