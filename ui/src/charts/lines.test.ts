import { expect, test } from 'vitest';
import type { Series } from '../api/columns';
import { readColumns } from '../api/columns';
import { groupLines } from './group';
import { joinLine, nearest, stepsWithin, toLine } from './lines';
import { smooth } from './smooth';
import { yExtent } from './extent';

const run = { id: 'a', label: 'a', color: 'red', startedAt: 1000 };
const series = (steps: number[], values: number[], times = steps.map((step) => 1000 + step * 1000)): Series =>
  ({ run: 'a', key: 'm', count: steps.length, steps: Float64Array.from(steps), times: Float64Array.from(times), values: Float64Array.from(values) });

test('an answer is read as columns', () => {
  const head = '{"run":"a","key":"m","count":5,"points":2,"times":false}';
  const padded = head + ' '.repeat((8 - ((head.length + 4) % 8)) % 8);
  const bytes = new Uint8Array(4 + padded.length + 32);
  new DataView(bytes.buffer).setUint32(0, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), 4);
  bytes.set(new Uint8Array(Float64Array.of(1, 2, 0.5, NaN).buffer), 4 + padded.length);
  const [one] = readColumns(bytes.buffer);
  expect(one).toMatchObject({ run: 'a', key: 'm', count: 5 });
  expect([...one!.steps]).toEqual([1, 2]);
  expect([...one!.values]).toEqual([0.5, NaN]);
  expect(one!.times.length).toBe(0);
});

test('by time, points logged out of order are put in order', () => {
  const line = toLine(series([0, 1, 2], [5, 6, 7], [3000, 1000, 2000]), 'relative', run);
  expect([...line.x]).toEqual([0, 1, 2]);
  expect([...line.y]).toEqual([6, 7, 5]);
  expect(stepsWithin([line], 'relative', 0.5, 1.5)).toEqual({ from: 0, to: 2 });
});

test('by another metric, the points of shared steps meet', () => {
  const line = joinLine(series([0, 1, 3], [5, 6, 7]), series([0, 2, 3], [30, 20, 10]), run);
  expect([...line.x]).toEqual([10, 30]);
  expect([...line.y]).toEqual([7, 5]);
});

test('the nearest point is found, at the ends too', () => {
  const x = Float64Array.of(0, 10, 20);
  expect([-5, 4, 6, 15, 99].map((at) => nearest({ x }, at))).toEqual([0, 0, 1, 1, 2]);
  expect(nearest({ x: new Float64Array(0) }, 1)).toBe(-1);
});

test('a moving average begins at the first value and leaves gaps', () => {
  const out = smooth(Float64Array.of(4, NaN, 4, 8), 0.5);
  expect(out[0]).toBe(4);
  expect(out[1]).toBeNaN();
  expect(out[2]).toBe(4);
  expect(out[3]).toBeGreaterThan(5);
  expect(out[3]).toBeLessThan(8);
});

test('a group is its mean between its least and greatest member', () => {
  const line = (id: string, y: number[]) => ({ id, label: id, color: 'x', x: Float64Array.of(0, 1, 2), y: Float64Array.from(y) });
  const [group] = groupLines([line('a', [0, 1, NaN]), line('b', [2, 5, 6])], () => ({ name: 'g', color: 'x' }));
  expect([...group!.y]).toEqual([1, 3, 6]);
  expect([...group!.low!]).toEqual([0, 1, 6]);
  expect([...group!.high!]).toEqual([2, 5, 6]);
  expect(group!.label).toBe('g (2)');
});

test('the vertical scale can leave outliers out, and a log scale counts only what it can show', () => {
  const y = Float64Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1e6 : 1 + (i % 10)));
  const line = { id: 'a', label: 'a', color: 'x', x: Float64Array.from(y.keys()), y };
  const all = { min: 0, max: 1000 };
  expect(yExtent([line], all, { log: false, robust: false }).max).toBeGreaterThan(1e6);
  expect(yExtent([line], all, { log: false, robust: true }).max).toBeLessThan(12);
  expect(yExtent([{ ...line, y: y.map((v, i) => (i < 10 ? -5 : v)) }], all, { log: true, robust: false }).min).toBeGreaterThan(0.5);
});
