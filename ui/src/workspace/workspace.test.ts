import { expect, test } from 'vitest';
import type { RunRow } from '../api/types';
import { importanceOf } from './importance';
import { parseBrushes, parsePanels, writeBrushes, writePanels } from './panels';
import { axisOf, marksOf, placeOf, valueAtPlace, valueOf, varyingColumns } from './values';

const row = (params: RunRow['params'], metrics: RunRow['metrics'] = {}): RunRow => ({
  run: { id: 'a', experimentId: '1', experimentName: 'e', name: 'n', status: 'finished', state: 'active', startedAt: 1000, endedAt: 3000, author: 'ada' },
  params, tags: { team: 'x' }, metrics,
});

test('a column is read from wherever it is, and text that reads as a number is one', () => {
  const one = row({ lr: '0.1', name: 'adam', deep: [1, 2], none: null }, { 'val/loss': 0.5, bad: 'NaN' });
  expect(['params.lr', 'params.name', 'params.deep', 'params.none', 'params.absent', 'metrics.val/loss', 'metrics.bad', 'tags.team', 'author', 'duration', 'nonsense']
    .map((column) => valueOf(one, column))).toEqual([0.1, 'adam', '[1,2]', null, null, 0.5, null, 'x', 'ada', 2, null]);
  expect(varyingColumns([row({ a: 1, b: 2 }), row({ a: 1, b: 3 })], ['params.a', 'params.b'])).toEqual(['params.b']);
});

test('an axis is linear, logarithmic or of words', () => {
  expect(axisOf([1, 2, null])).toEqual({ kind: 'number', min: 1, max: 2, log: false });
  expect(axisOf([0.001, 1])).toMatchObject({ log: true });
  expect(axisOf(['b', 'a', 1])).toEqual({ kind: 'text', words: ['1', 'a', 'b'] });
  expect(axisOf([0.1, 'auto', 0.01, 0.00003, 10])).toEqual({ kind: 'text', words: ['0.00003', '0.01', '0.1', '10', 'auto'] });
  const log = axisOf([0.001, 1]);
  expect(placeOf(log, 0.0316227766)).toBeCloseTo(0.5);
  expect(valueAtPlace(log, 0.5)).toBeCloseTo(0.0316, 3);
  expect(marksOf(log).map(({ value }) => value)).toEqual([0.001, 0.01, 0.1, 1]);
  expect(marksOf(axisOf([0, 10])).map(({ value }) => value)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(placeOf(axisOf([5, 5]), 5)).toBeCloseTo(0.5);
});

test('panels and brushes survive the address, whatever the columns are called', () => {
  const panels = [{ kind: 'scatter' as const, columns: ['params.a,b;c:d%', 'metrics.val/loss'] }, { kind: 'bar' as const, columns: ['metrics.m'] }];
  expect(parsePanels(writePanels(panels))).toEqual(panels);
  expect(parsePanels('nonsense;scatter:only-one;bar:')).toEqual([]);
  const brushes = new Map([['params.a:b', [0.25, 0.5] as const]]);
  expect([...parseBrushes(writeBrushes(brushes))]).toEqual([...brushes]);
});

test('importance finds the parameter that matters, and says nothing of too few runs', () => {
  const lr = Array.from({ length: 80 }, (_, i) => (i * 37) % 80);
  const noise = Array.from({ length: 80 }, (_, i) => (i * 53 + 11) % 79);
  const kind = Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? 'a' : 'b'));
  const found = importanceOf(['lr', 'noise', 'kind'], [lr, noise, kind], lr.map((x) => 3 * x))!;
  expect(found[0]!.column).toBe('lr');
  expect(found[0]!.share).toBeGreaterThan(0.8);
  expect(found[0]!.correlation).toBeCloseTo(1);
  expect(found.find(({ column }) => column === 'kind')!.correlation).toBeNull();
  expect(importanceOf(['lr'], [[1, 2]], [1, 2])).toBeNull();
});
