import type { SweepInfo, SweepRun, SweepState } from '../api/types';

/** What can be made of a sweep that is in a state. */
export function nextStates(state: SweepState): readonly SweepState[] {
  switch (state) {
    case 'pending':
    case 'running': return ['paused', 'stopped', 'canceled'];
    case 'paused': return ['running', 'stopped', 'canceled'];
    case 'stopped': return ['running', 'canceled'];
    default: return [];
  }
}

/** The names of all chosen parameters, in the order in which they first come. */
export function paramNames(runs: readonly SweepRun[]): string[] {
  return [...new Set(runs.flatMap((run) => Object.keys(run.params)))];
}

/** The best first; runs without a value last, the newest of them first. */
export function inOrder(runs: readonly SweepRun[], goal: SweepInfo['goal']): SweepRun[] {
  const number = (run: SweepRun) => (typeof run.value === 'number' ? run.value : undefined);
  return [...runs].reverse().sort((a, b) => {
    const left = number(a);
    const right = number(b);
    if (left === undefined || right === undefined) return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0);
    return goal === 'maximize' ? right - left : left - right;
  });
}
