import { expect, test } from 'vitest';
import { changeOf, diffManifests, diffValues } from './manifestDiff';
import { diffTables } from './tableDiff';

const entry = (path: string, digest: string) => ({ path, digest, size: 1 });

test('files that came, went, changed, moved and stayed', () => {
  const diff = diffManifests(
    [entry('a', '1'), entry('b', '2'), entry('c', '3'), entry('old/d', '4'), entry('twin', '2')],
    [entry('a', '1'), entry('b', '9'), entry('e', '5'), entry('new/d', '4'), entry('twin2', '2')],
  );
  expect(diff.changes.map(({ kind, path, from }) => `${kind} ${from ? `${from}>` : ''}${path}`)).toEqual(['changed b', 'removed c', 'added e', 'moved old/d>new/d', 'moved twin>twin2']);
  expect(diff.same).toBe(1);
});

test('values by key, also where one side has none or an odd name', () => {
  expect(diffValues({ a: 1, 'b.c': [1], constructor: 1 }, { a: 2, 'b.c': [1], d: null })).toEqual([
    { key: 'a', before: 1, after: 2, same: false }, { key: 'b.c', before: [1], after: [1], same: true },
    { key: 'constructor', before: 1, after: undefined, same: false }, { key: 'd', before: undefined, after: null, same: false },
  ]);
});

test('how a number changed', () => {
  expect(changeOf(0.84, 0.86)).toBe('+0.02 (+2.4 %)');
  expect(changeOf(2, 1)).toBe('−1 (−50 %)');
  expect(changeOf(0, 3)).toBe('+3');
  expect(changeOf(1, 'x')).toBeNull();
  expect(changeOf(1, 1)).toBeNull();
});

test('tables by rows and by the figures of their columns', () => {
  const before = { header: ['day', 'wind'], rows: [['1', '2'], ['2', '4'], ['2', '4']] };
  const after = { header: ['day', 'wind'], rows: [['1', '2'], ['2', '4'], ['3', '']] };
  const diff = diffTables(before, after);
  expect([diff.rowsBefore, diff.rowsAfter, diff.rowsAdded, diff.rowsRemoved]).toEqual([3, 3, 1, 1]);
  expect(diff.columns.map(({ name, same }) => [name, same])).toEqual([['day', false], ['wind', false]]);
  const other = diffTables(before, { header: ['day', 'rain'], rows: [] });
  expect(other.rowsAdded).toBeNull();
  expect(other.columns.map(({ name, before: was, after: is }) => [name, was !== null, is !== null])).toEqual([['day', true, true], ['wind', true, false], ['rain', false, true]]);
  expect(diffTables(null, after)).toMatchObject({ rowsBefore: 0, rowsAfter: 3 });
});
