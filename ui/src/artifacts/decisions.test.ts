import { expect, test } from 'vitest';
import type { AliasChange, ArtifactDetail } from '../api/types';
import { decisions } from './decisions';

const move = (alias: string, from: string | null, to: string | null, at: number, why?: string): AliasChange => ({ alias, from, to, at, why: why ?? null });

function detail(aliases: Record<string, string>, history: AliasChange[]): ArtifactDetail {
  const artifact = { experimentId: '1', experimentName: 'e', name: 'model', type: 'model', createdAt: 0, updatedAt: 0, versionCount: 2, aliases };
  return { artifact, versions: [], aliasHistory: history };
}

test('the decision is the newest move to where the alias points now', () => {
  const history = [move('prod', 'v0', 'v1', 3, 'better'), move('latest', 'v0', 'v1', 2), move('prod', null, 'v0', 1)];
  const [prod, ...others] = decisions(detail({ prod: 'v1', latest: 'v1' }, history));
  expect(others).toEqual([]);
  expect(prod!.change?.why).toBe('better');
  expect(prod!.trail.map((change) => change.to)).toEqual(['v0', 'v1']);
});

test('production aliases stand before others', () => {
  expect(decisions(detail({ reference: 'v0', latest: 'v1', champion: 'v1' }, [])).map((d) => d.alias)).toEqual(['champion', 'reference']);
});

test('an alias without a kept move is still shown', () => {
  expect(decisions(detail({ prod: 'v2' }, [move('prod', null, 'v0', 1)]))[0]).toMatchObject({ version: 'v2', change: null });
});
