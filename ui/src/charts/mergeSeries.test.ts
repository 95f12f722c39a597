import { expect, test } from 'vitest';
import type { SeriesData, WireNumber } from '../api/types';
import { mergeSeries, stepsWithin } from './mergeSeries';

function series(steps: number[], values: WireNumber[], times = steps.map((s) => 10_000 + s * 1000)): SeriesData {
  return { key: 'k', count: steps.length, sampled: false, steps, times, values };
}

const byStep = { x: 'step', startedAt: 10_000 } as const;

test('one series passes as it is', () => {
  expect(mergeSeries([series([0, 1, 5], [3, 2, 1])], byStep)).toEqual({ x: [0, 1, 5], y: [[3, 2, 1]], notFinite: 0 });
});

test('several series share one x axis, and where one has no point it has neither value nor gap', () => {
  expect(mergeSeries([series([0, 2], [1, 2]), series([1, 2, 3], [7, 8, 9])], byStep)).toEqual({
    x: [0, 1, 2, 3], y: [[1, undefined, 2, undefined], [undefined, 7, 8, 9]], notFinite: 0,
  });
});

test('points of one step all stay', () => {
  const merged = mergeSeries([series([1, 1, 1], [1, 2, 3]), series([1], [9])], byStep);
  expect(merged).toEqual({ x: [1, 1, 1], y: [[1, 2, 3], [9, undefined, undefined]], notFinite: 0 });
});

test('what is not finite is a gap and is counted', () => {
  expect(mergeSeries([series([0, 1, 2, 3], [1, 'NaN', '-Infinity', 2])], byStep)).toEqual({
    x: [0, 1, 2, 3], y: [[1, null, null, 2]], notFinite: 2,
  });
});

test('a log scale leaves out what it cannot show', () => {
  expect(mergeSeries([series([0, 1, 2], [-1, 0, 2])], { ...byStep, log: true })).toMatchObject({ y: [[null, null, 2]], notFinite: 0 });
});

test('time axes count seconds, and points logged out of order are drawn in time', () => {
  const out = series([0, 1, 2], [1, 2, 3], [12_000, 11_000, 13_000]);
  expect(mergeSeries([out], { x: 'relative', startedAt: 10_000 })).toEqual({ x: [1, 2, 3], y: [[2, 1, 3]], notFinite: 0 });
  expect(mergeSeries([out], { x: 'time', startedAt: 10_000 }).x).toEqual([11, 12, 13]);
});

test('a zoom is told to the server in steps', () => {
  const one = series([0, 10, 20, 30], [1, 2, 3, 4]);
  expect(stepsWithin([one], byStep, 4.2, 25.9)).toEqual({ from: 5, to: 25 });
  expect(stepsWithin([one], { x: 'relative', startedAt: 10_000 }, 5, 31)).toEqual({ from: 10, to: 30 });
  expect(stepsWithin([one], byStep, 5.1, 5.9)).toBeNull();
});

test('no points at all make an empty chart', () => {
  expect(mergeSeries([], byStep)).toEqual({ x: [], y: [], notFinite: 0 });
  expect(mergeSeries([series([], [])], byStep)).toEqual({ x: [], y: [[]], notFinite: 0 });
});
