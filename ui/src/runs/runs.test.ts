import { describe, expect, test } from 'vitest';
import type { Json, RunRow, WireNumber } from '../api/types';
import {
  defaultColumns, moveColumn, nextSort, orderBy, parseColumn, parseColumns, parseSort, parseWidths, pinColumn, writeColumns, writeWidths,
} from './columns';
import { both, likeFilter, toFilter } from './filter';
import { groupLines, sortGroups } from './rows';
import { runsMeant } from './runsQuery';
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

describe('only runs with this value', () => {
  const one = row('a', { params: { depth: 4, text: "it's", list: [1, 2], on: true }, metrics: { 'val/loss': 0.5, bad: 'NaN' } });
  const like = (id: string) => likeFilter(parseColumn(id)!, one);

  test('is a comparison of the kind that the value is', () => {
    expect(like('params.depth')).toBe('params.depth = 4');
    expect(like('params.text')).toBe('params.text = "it\'s"');
    expect(like('params.list')).toBe("params.list = '[1,2]'");
    expect(like('params.on')).toBe("params.on = 'true'");
    expect(like('metrics.val/loss')).toBe('metrics.`val/loss` = 0.5');
    expect(like('status')).toBe("status = 'FINISHED'");
  });

  test('is none where there is nothing to compare with', () => {
    for (const id of ['params.none', 'metrics.bad', 'tags.none', 'author', 'started', 'duration']) expect(like(id)).toBeNull();
  });

  test('comes to the filter that is there', () => {
    expect(both(undefined, 'a = 1')).toBe('a = 1');
    expect(both("x = 'y' or z = 2", 'a = 1')).toBe("(x = 'y' or z = 2) and a = 1");
    expect(both('forest', 'a = 1')).toBe("attributes.run_name ILIKE '%forest%' and a = 1");
  });
});

describe('columns', () => {
  test('survive the address, with any characters in their keys', () => {
    const columns = ['author', 'params.a,b', 'metrics.50%', 'tags.x.y'].map((id) => parseColumn(id)!);
    const read = parseColumns(writeColumns(columns))!;
    expect(read.map(({ id }) => id)).toEqual(['name', 'author', 'params.a,b', 'metrics.50%', 'tags.x.y']);
  });

  test('a table of the fixed columns alone is not the default', () => {
    expect(parseColumns(writeColumns([]))!.map(({ id }) => id)).toEqual(['name']);
    expect(parseColumns(undefined)).toBeNull();
  });

  test('unknown names are left out and none comes twice', () => {
    expect(parseColumns('nonsense,author,author,params.')!.map(({ id }) => id)).toEqual(['name', 'author']);
  });

  test('by default show the metrics that most runs have and the parameters that differ', () => {
    const rows = [
      row('a', { params: { same: 1, lr: 0.1 }, metrics: { rare: 1, loss: 2 } }),
      row('b', { params: { same: 1, lr: 0.2 }, metrics: { loss: 3 } }),
    ];
    const ids = (of: readonly RunRow[]) => defaultColumns(of).map(({ id }) => id);
    // Nobody is named and nothing is said of the job: no columns of dashes.
    expect(ids(rows)).toEqual(['name', 'started', 'duration', 'metrics.loss', 'metrics.rare', 'params.lr']);
    expect(ids([{ ...rows[0]!, run: { ...rows[0]!.run, author: 'ada' } }, rows[1]!]).slice(0, 3)).toEqual(['name', 'author', 'started']);
    expect(ids([])).toEqual(['name', 'jobType', 'author', 'started', 'duration']);
  });
});

describe('the order of columns', () => {
  const columns = parseColumns('author,started,params.a,params.b')!;
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).join(' ');

  test('the name stays first, and pinned columns stay among themselves', () => {
    expect(ids(moveColumn(columns, 'params.b', 1, 0))).toBe('name params.b author started params.a');
    expect(ids(moveColumn(columns, 'params.b', 0, 0))).toBe('name params.b author started params.a');
    expect(ids(moveColumn(columns, 'params.b', 1, 2))).toBe('name author started params.b params.a');
    expect(ids(moveColumn(columns, 'author', 9, 2))).toBe('name started author params.a params.b');
    expect(ids(moveColumn(columns, 'name', 3, 0))).toBe(ids(columns));
  });

  test('a column is pinned after the pinned ones, and unpinned before the others', () => {
    const one = pinColumn(columns, 'params.a', 0);
    expect([ids(one.columns), one.pinned]).toEqual(['name params.a author started params.b', 1]);
    const two = pinColumn(one.columns, 'params.b', one.pinned);
    expect([ids(two.columns), two.pinned]).toEqual(['name params.a params.b author started', 2]);
    const back = pinColumn(two.columns, 'params.a', two.pinned);
    expect([ids(back.columns), back.pinned]).toEqual(['name params.b params.a author started', 1]);
  });

  test('widths survive the address', () => {
    const widths = new Map([['metrics.a:b', 130], ['params.x,y', 90]]);
    expect(parseWidths(writeWidths(widths))).toEqual(widths);
    expect(parseWidths('name:9,nonsense,author:x')).toEqual(new Map([['name', 60]]));
  });
});

describe('groups', () => {
  const sum = (mean: number | null, only: string | null = null) => ({ count: mean === null ? 0 : 2, mean, least: mean, greatest: mean, only });
  const group = (value: string | null, runs: number, loss: number | null) => ({
    values: [value], runs, running: 0, failed: 0, lastStartedAt: runs, duration: sum(null), aggregates: [sum(loss)],
  });
  const by = [parseColumn('params.depth')!];
  const of = [parseColumn('metrics.loss')!];
  const groups = [group('10', 5, null), group('9', 3, 0.5), group(null, 2, 0.1)];
  const sorted = (sort: string) => sortGroups(groups, parseSort(sort)[0], by, of, 'mean').map(({ values }) => values[0]);

  test('are sorted by what they show, as numbers where they are, and those without a value come last', () => {
    expect(sorted('params.depth')).toEqual(['9', '10', null]);
    expect(sorted('-params.depth')).toEqual(['10', '9', null]);
    expect(sorted('metrics.loss')).toEqual([null, '9', '10']);
    expect(sorted('-metrics.loss')).toEqual(['9', null, '10']);
    expect(sorted('')).toEqual(['10', '9', null]);
  });

  test('that are open show their runs and the way to the rest', () => {
    const lines = groupLines(groups, (id) => (id === '["9"]' ? [row('a'), row('b')] : undefined));
    expect(lines.map(({ kind }) => kind)).toEqual(['group', 'group', 'run', 'run', 'more', 'group']);
  });
});

describe('which runs', () => {
  test('archived ones are left out until they are asked for', () => {
    expect(runsMeant('1', {}).filter).toBe("not tags.`cairn.archived` = 'true'");
    expect(runsMeant('1', { state: 'archived', filter: 'a = 1 or b = 2' }).filter).toBe("(a = 1 or b = 2) and tags.`cairn.archived` = 'true'");
    expect(runsMeant('1', { state: 'deleted' })).toEqual({ experiment: ['1'], state: 'deleted' });
  });
});

describe('sorting', () => {
  test('is told to the server in its grammar', () => {
    expect(orderBy('-metrics.loss')).toEqual(['metrics.loss DESC']);
    expect(orderBy('params.val/x y')).toEqual(['params.`val/x y` ASC']);
    expect(orderBy('started')).toEqual(['attributes.start_time ASC']);
    expect(orderBy('-duration')).toEqual(['attributes.duration DESC']);
    expect(orderBy(undefined)).toEqual([]);
  });

  test('a heading steps through both directions and back to none', () => {
    const metric = parseColumn('metrics.loss')!;
    expect([undefined, '-metrics.loss', 'metrics.loss'].map((sort) => nextSort(sort, metric))).toEqual(['-metrics.loss', 'metrics.loss', undefined]);
    expect(nextSort('-metrics.loss', parseColumn('name')!)).toBe('name');
  });

  test('with Shift the others stay, and a third click takes this one out', () => {
    const name = parseColumn('name')!;
    expect(nextSort('-metrics.loss', name, true)).toBe('-metrics.loss,name');
    expect(nextSort('-metrics.loss,name', name, true)).toBe('-metrics.loss,-name');
    expect(nextSort('-metrics.loss,-name,started', name, true)).toBe('-metrics.loss,started');
    expect(orderBy('-metrics.loss,params.a%2Cb')).toEqual(['metrics.loss DESC', 'params.`a,b` ASC']);
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
