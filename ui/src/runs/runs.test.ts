import { describe, expect, test } from 'vitest';
import type { Json, RunRow, WireNumber } from '../api/types';
import { defaultColumns, nextSort, orderBy, parseColumn, parseColumns, writeColumns } from './columns';
import { toFilter } from './filter';
import { type RunNode, toTree } from './tree';

function row(id: string, { parent, params = {}, metrics = {} }: {
  parent?: string; params?: Record<string, Json>; metrics?: Record<string, WireNumber>;
} = {}): RunRow {
  const run = {
    id, experimentId: '1', experimentName: 'e', name: id, status: 'finished', state: 'active', startedAt: 0, parentId: parent ?? null,
  } as const;
  return { run, params, metrics, tags: {} };
}

describe('the filter box', () => {
  test('words alone search the name', () => {
    expect(toFilter('  calm river ')).toBe("attributes.run_name ILIKE '%calm river%'");
    expect(toFilter("o'hara")).toBe('attributes.run_name ILIKE "%o\'hara%"');
  });

  test('a comparison is sent as typed', () => {
    for (const typed of ['metrics.rmse < 3', "status='FAILED'", "run_id IN ('a')", "tags.x LIKE 'y%'", 'params.a != "1"']) {
      expect(toFilter(typed)).toBe(typed);
    }
  });

  test('nothing typed sends no filter', () => expect(toFilter('  ')).toBeUndefined());
});

describe('columns', () => {
  test('survive the address, with any characters in their keys', () => {
    const columns = ['author', 'params.a,b', 'metrics.50%', 'tags.x.y'].map((id) => parseColumn(id)!);
    const read = parseColumns(writeColumns(columns))!;
    expect(read.map(({ id }) => id)).toEqual(['status', 'name', 'author', 'params.a,b', 'metrics.50%', 'tags.x.y']);
  });

  test('a table of the fixed columns alone is not the default', () => {
    expect(parseColumns(writeColumns([]))!.map(({ id }) => id)).toEqual(['status', 'name']);
    expect(parseColumns(undefined)).toBeNull();
  });

  test('unknown names are left out and none comes twice', () => {
    expect(parseColumns('nonsense,author,author,params.')!.map(({ id }) => id)).toEqual(['status', 'name', 'author']);
  });

  test('by default show the metrics that most runs have and the parameters that differ', () => {
    const rows = [
      row('a', { params: { same: 1, lr: 0.1 }, metrics: { rare: 1, loss: 2 } }),
      row('b', { params: { same: 1, lr: 0.2 }, metrics: { loss: 3 } }),
    ];
    expect(defaultColumns(rows).slice(6).map(({ id }) => id)).toEqual(['metrics.loss', 'metrics.rare', 'params.lr']);
  });
});

describe('sorting', () => {
  test('is told to the server in its grammar', () => {
    expect(orderBy('-metrics.loss')).toBe('metrics.loss DESC');
    expect(orderBy('params.val/x y')).toBe('params.`val/x y` ASC');
    expect(orderBy('started')).toBe('attributes.start_time ASC');
    expect(orderBy('duration')).toBeUndefined();
    expect(orderBy(undefined)).toBeUndefined();
  });

  test('a heading steps through both directions and back to none', () => {
    const metric = parseColumn('metrics.loss')!;
    expect([undefined, '-metrics.loss', 'metrics.loss'].map((sort) => nextSort(sort, metric))).toEqual(['-metrics.loss', 'metrics.loss', undefined]);
    expect(nextSort('-metrics.loss', parseColumn('name')!)).toBe('name');
  });
});

describe('the tree of runs', () => {
  const shape = (nodes: RunNode[]): string => nodes.map((n) => n.row.run.id + (n.children.length ? `(${shape(n.children)})` : '')).join(' ');

  test('children stand under their parent in the order of the list, before or after it', () => {
    expect(shape(toTree([row('c2', { parent: 'p' }), row('x'), row('p'), row('c1', { parent: 'p' }), row('g', { parent: 'c1' })])))
      .toBe('x p(c2 c1(g))');
  });

  test('a run whose parent is elsewhere stands at the top', () => {
    expect(shape(toTree([row('a', { parent: 'gone' })]))).toBe('a');
  });

  test('a circle of parents loses no row', () => {
    expect(shape(toTree([row('a', { parent: 'b' }), row('b', { parent: 'a' }), row('self', { parent: 'self' })]))).toBe('a b self');
  });
});
