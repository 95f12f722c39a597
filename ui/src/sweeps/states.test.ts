import { describe, expect, it } from 'vitest';
import type { RunInfo, SweepRun } from '../api/types';
import { inOrder, nextStates, paramNames } from './states';

const run = (id: string, value?: number, params = {}): SweepRun => ({ run: { id } as RunInfo, params, isBest: false, ...(value === undefined ? {} : { value }) });
const ids = (runs: SweepRun[]) => runs.map((one) => one.run.id);

describe('a sweep', () => {
  it('shows its best run first and those without a value last', () => {
    const runs = [run('a', 3), run('b'), run('c', 1), run('d')];
    expect(ids(inOrder(runs, 'minimize'))).toEqual(['c', 'a', 'd', 'b']);
    expect(ids(inOrder(runs, 'maximize'))).toEqual(['a', 'c', 'd', 'b']);
  });

  it('names every parameter once', () => {
    expect(paramNames([run('a', 1, { lr: 1, depth: 2 }), run('b', 1, { lr: 1, drop: 0 })])).toEqual(['lr', 'depth', 'drop']);
  });

  it('that is over can become nothing else', () => {
    expect(nextStates('finished')).toEqual([]);
    expect(nextStates('canceled')).toEqual([]);
    expect(nextStates('paused')).toContain('running');
  });
});
