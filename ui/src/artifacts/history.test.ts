import { expect, test } from 'vitest';
import type { AliasChange, DecisionInfo } from '../api/types';
import { historyOf, holderBefore } from './history';

const move = (alias: string, to: string, at: number): AliasChange => ({ alias, from: null, to, at });
const decision = (alias: string, to: string | null, at: number, outcome: string): DecisionInfo => ({ alias, to, at, outcome });

test('a move and its decision are one entry; refusals and gates stand between, newest first', () => {
  const entries = historyOf([move('prod', 'v1', 30), move('latest', 'v1', 20), move('prod', 'v0', 10)], [
    decision('prod', 'v1', 30, 'accepted'), decision('prod', 'v1', 25, 'refused'), decision('prod', null, 5, 'gate_set'),
  ]);
  expect(entries.map(({ change, outcome }) => [change.alias, change.at, outcome])).toEqual([
    ['prod', 30, 'accepted'], ['prod', 25, 'refused'], ['latest', 20, null], ['prod', 10, null], ['prod', 5, 'gate_set'],
  ]);
});

test('a refusal is never taken for the move of the same moment', () => {
  expect(historyOf([move('prod', 'v1', 30)], [decision('prod', 'v1', 30, 'refused')])).toHaveLength(2);
});

test('a rollback leads to the holder before, and a second one further down', () => {
  const all = () => true;
  const moves = [move('prod', 'v0', 1), move('prod', 'v1', 2), move('prod', 'v2', 3)].reverse();
  expect(holderBefore(historyOf(moves, []), 'prod', 'v2', all)).toBe('v1');
  const back = historyOf([move('prod', 'v1', 4), ...moves], [decision('prod', 'v1', 4, 'rolled_back')]);
  expect(holderBefore(back, 'prod', 'v1', all)).toBe('v0');
  expect(holderBefore(historyOf(moves, []), 'prod', 'v2', (version) => version !== 'v1')).toBe('v0');
  expect(holderBefore(historyOf([move('prod', 'v0', 1)], []), 'prod', 'v0', all)).toBeUndefined();
  expect(holderBefore([], 'prod', undefined, all)).toBeUndefined();
});
