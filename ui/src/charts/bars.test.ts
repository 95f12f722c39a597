import { describe, expect, it } from 'vitest';
import { barsOf } from './bars';
import type { Line } from './lines';
import type { ChartRun } from './useLines';

const runs: ChartRun[] = ['a', 'b', 'c'].map((id, i) => ({ id, label: `run ${id}`, color: `var(--run-${i})`, startedAt: 0, latest: { loss: i + 1 } }));
const line = (id: string, ...points: [number, number][]): Line => ({ id, label: `run ${id}`, color: 'red', x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) });
const kind = (id: string) => (id === 'c' ? { name: 'kind two', color: 'blue' } : { name: 'kind one', color: 'green' });

describe('values without a line', () => {
  it('stand side by side where every run logged one point', () => {
    expect(barsOf([line('a', [3, 0.5]), line('b', [7, 0.25])], runs, 'loss', null)?.map(({ id, value }) => [id, value])).toEqual([['a', 0.5], ['b', 0.25]]);
  });

  it('are lines where one run has a second point', () => {
    expect(barsOf([line('a', [1, 1], [2, 2]), line('b', [1, 1])], runs, 'loss', null)).toBeNull();
  });

  it('are the newest values where nothing was logged by step, without those of hidden runs', () => {
    expect(barsOf([], [runs[0]!, { ...runs[1]!, isHidden: true }, runs[2]!], 'loss', null)?.map(({ value }) => value)).toEqual([1, 3]);
    expect(barsOf([], runs, 'accuracy', null)).toBeNull();
  });

  it('become the means of their groups, at whichever steps they were logged', () => {
    expect(barsOf([line('a', [1, 1]), line('b', [9, 2]), line('c', [5, NaN])], runs, 'loss', kind)).toEqual([{ id: 'kind one', label: 'kind one (2)', color: 'green', value: 1.5 }]);
    expect(barsOf([], runs, 'loss', kind)?.map(({ label, value }) => [label, value])).toEqual([['kind one (2)', 1.5], ['kind two (1)', 3]]);
  });
});
