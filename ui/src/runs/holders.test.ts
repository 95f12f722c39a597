import { expect, test } from 'vitest';
import type { VersionDetail } from '../api/types';
import { holdersOf } from './holders';

const detail = (name: string, aliases: string[], runs: string[]) => ({ version: { name, version: 'v1', aliases }, loggedBy: runs.map((id) => ({ id })) }) as unknown as VersionDetail;

test('a run is marked by the weighty aliases of what it logged', () => {
  const found = holdersOf([detail('a', ['prod', 'latest'], ['r1', 'r2']), detail('b', ['champion', 'prod'], ['r1'])]);
  expect([...found].map(([id, holders]) => [id, holders.map(({ alias, version }) => `${version.name}:${alias}`)])).toEqual([['r1', ['a:prod', 'b:champion', 'b:prod']], ['r2', ['a:prod']]]);
});
