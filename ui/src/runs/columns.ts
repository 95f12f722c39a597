// Columns of the runs table by their names in the address: "author", "params.lr", "metrics.val/loss", "tags.team".
import type { RunKeys, RunRow } from '../api/types';
import { readIds, writeIds } from '../search';
import { identifier } from './filter';

export const attributeColumns = {
  name: { title: 'Name', width: 280, sort: 'attributes.run_name' },
  status: { title: 'Status', width: 112, sort: 'attributes.status' },
  jobType: { title: 'Job type', width: 140, sort: 'attributes.job_type' },
  author: { title: 'Author', width: 140, sort: 'attributes.user_id' },
  started: { title: 'Started', width: 116, sort: 'attributes.start_time' },
  duration: { title: 'Duration', width: 110, sort: 'attributes.duration' },
} as const;

export type AttributeColumn = keyof typeof attributeColumns;
export type KeyKind = 'params' | 'metrics' | 'tags';
export type Column = { id: AttributeColumn; kind: 'attribute' } | { id: string; kind: KeyKind; key: string };

/** The name always stands first: without it a row says nothing. */
const fixed: readonly AttributeColumn[] = ['name'];
const usual: readonly AttributeColumn[] = ['jobType', 'author', 'started', 'duration'];
export const optional: readonly AttributeColumn[] = ['status', ...usual];

export function parseColumn(id: string): Column | null {
  if (Object.hasOwn(attributeColumns, id)) return { id: id as AttributeColumn, kind: 'attribute' };
  const match = /^(params|metrics|tags)\.(.+)$/s.exec(id);
  return match ? { id, kind: match[1] as KeyKind, key: match[2]! } : null;
}

export const isFixed = (column: Column): boolean => fixed.includes(column.id as AttributeColumn);

export function parseColumns(cols: string | undefined): Column[] | null {
  if (cols === undefined) return null;
  return ordered(readIds(cols).map(parseColumn).filter((column) => column !== null));
}

export function writeColumns(columns: readonly Column[]): string {
  const chosen = columns.filter((column) => !isFixed(column));
  // A table of only the fixed columns still needs a word, or the address would mean the default.
  return chosen.length === 0 ? 'name' : writeIds(chosen.map(({ id }) => id));
}

function ordered(columns: readonly Column[]): Column[] {
  const seen = new Set<string>();
  return [...fixed.map((id): Column => ({ id, kind: 'attribute' })), ...columns].filter(({ id }) => {
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** "metrics.loss:120,name:300" → widths by column. */
export function parseWidths(text: string | undefined): Map<string, number> {
  const widths = new Map<string, number>();
  for (const one of readIds(text)) {
    const at = one.lastIndexOf(':');
    const width = Number(one.slice(at + 1));
    if (at > 0 && Number.isFinite(width)) widths.set(one.slice(0, at), clampWidth(width));
  }
  return widths;
}

export const clampWidth = (width: number): number => Math.round(Math.max(60, Math.min(900, width)));
export const writeWidths = (widths: ReadonlyMap<string, number>): string | undefined => writeIds([...widths].map(([id, width]) => `${id}:${width}`)) || undefined;

/**
 * The column moved by so many places. The name stays first, and a column stays on its side of the pinned ones: which are
 * the first `pinned` after the name.
 */
export function moveColumn(columns: readonly Column[], id: string, to: number, pinned: number): Column[] {
  const from = columns.findIndex((column) => column.id === id);
  if (from <= 0) return [...columns];
  const [least, most] = from <= pinned ? [1, pinned] : [pinned + 1, columns.length - 1];
  const rest = columns.filter((_, i) => i !== from);
  rest.splice(Math.max(least, Math.min(most, to)), 0, columns[from]!);
  return rest;
}

/** The column among the pinned ones (last of them), or no longer (first after them). */
export function pinColumn(columns: readonly Column[], id: string, pinned: number): { columns: Column[]; pinned: number } {
  const from = columns.findIndex((column) => column.id === id);
  if (from <= 0) return { columns: [...columns], pinned };
  const rest = columns.filter((_, i) => i !== from);
  const next = from <= pinned ? pinned - 1 : pinned + 1;
  rest.splice(from <= pinned ? pinned : pinned + 1, 0, columns[from]!);
  return { columns: rest, pinned: next };
}

export interface Keys {
  params: string[];
  metrics: string[];
  tags: string[];
}

/** Every key that the rows hold, by name: until the server has told those of all runs. */
export function keysOf(rows: readonly RunRow[]): Keys {
  const sorted = (pick: (row: RunRow) => object) =>
    [...new Set(rows.flatMap((row) => Object.keys(pick(row))))].sort((a, b) => a.localeCompare(b, 'en'));
  return { params: sorted((row) => row.params), metrics: sorted((row) => row.metrics), tags: sorted((row) => row.tags) };
}

export function allKeys(keys: RunKeys): Keys {
  const names = (list: RunKeys['params']) => list.map(({ key }) => key).sort((a, b) => a.localeCompare(b, 'en'));
  return { params: names(keys.params), metrics: names(keys.metrics), tags: names(keys.tags) };
}

/** Where none were chosen: the attributes that say something, the metrics that most runs have, and the parameters in which runs differ. */
export function defaultColumns(rows: readonly RunRow[]): Column[] {
  const metrics = byCoverage(rows, (row) => row.metrics).slice(0, 4);
  const params = byCoverage(rows, (row) => row.params).filter((key) => differs(rows, key)).slice(0, 3);
  return ordered([
    ...usual.filter((id) => !isBare(rows, id)).map((id): Column => ({ id, kind: 'attribute' })),
    ...metrics.map((key): Column => ({ id: `metrics.${key}`, kind: 'metrics', key })),
    ...params.map((key): Column => ({ id: `params.${key}`, kind: 'params', key })),
  ]);
}

/** MLflow's clients know no job types, and not all runs carry a name: a column of dashes would push the numbers off a phone. */
const isBare = (rows: readonly RunRow[], id: string): boolean =>
  (id === 'jobType' || id === 'author') && rows.length > 0 && rows.every(({ run }) => (run[id] ?? '') === '');

function byCoverage(rows: readonly RunRow[], pick: (row: RunRow) => object): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const key of Object.keys(pick(row))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b, 'en')).map(([key]) => key);
}

function differs(rows: readonly RunRow[], key: string): boolean {
  const values = new Set(rows.filter((row) => key in row.params).map((row) => JSON.stringify(row.params[key])));
  return values.size > 1 || rows.length === 1;
}

export interface Sort {
  column: Column;
  descending: boolean;
}

/** "-metrics.loss,params.lr" → the sorts, strongest first; what cannot be sorted by is left out. */
export function parseSort(sort: string | undefined): Sort[] {
  return readIds(sort).map((one) => ({ column: parseColumn(one.replace(/^-/, '')), descending: one.startsWith('-') }))
    .filter((one): one is Sort => one.column !== null && sortField(one.column) !== null);
}

export const writeSort = (sorts: readonly Sort[]): string | undefined => writeIds(sorts.map(({ column, descending }) => `${descending ? '-' : ''}${column.id}`)) || undefined;

/** "-metrics.loss" → ["metrics.loss DESC"]. */
export function orderBy(sort: string | undefined): string[] {
  return parseSort(sort).map(({ column, descending }) => `${sortField(column)!} ${descending ? 'DESC' : 'ASC'}`);
}

export function sortField(column: Column): string | null {
  return column.kind === 'attribute' ? attributeColumns[column.id].sort : identifier(column.kind, column.key);
}

/**
 * What a click on a heading leads to: numbers and times greatest first, then least first, then no order. With `add` the
 * other sorts stay, and a new one is the weakest.
 */
export function nextSort(sort: string | undefined, column: Column, add = false): string | undefined {
  const sorts = parseSort(sort);
  const now = sorts.find((one) => one.column.id === column.id);
  const downFirst = column.kind === 'metrics' || column.id === 'started' || column.id === 'duration';
  const next = now === undefined ? { column, descending: downFirst } : now.descending === downFirst ? { column, descending: !downFirst } : null;
  if (!add) return writeSort(next ? [next] : []);
  const others = sorts.map((one) => (one === now ? next : one)).filter((one) => one !== null);
  return writeSort(now || !next ? others : [...others, next]);
}

/** Whether runs can be grouped by it: few of them took exactly as long as another. */
export const isGroupable = (column: Column): boolean => sortField(column) !== null && column.id !== 'duration';

/** The columns that runs are grouped by. */
export const groupColumns = (group: string | undefined): Column[] =>
  readIds(group).map(parseColumn).filter((column): column is Column => column !== null && isGroupable(column));
