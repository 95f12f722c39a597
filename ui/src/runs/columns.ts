// Columns of the runs table by their names in the address: "author", "params.lr", "metrics.val/loss", "tags.team".
import type { RunRow } from '../api/types';
import { identifier } from './filter';

export const attributeColumns = {
  status: { title: 'Status', width: 112, sort: 'attributes.status' },
  name: { title: 'Name', width: 260, sort: 'attributes.run_name' },
  jobType: { title: 'Job type', width: 140, sort: 'attributes.job_type' },
  author: { title: 'Author', width: 140, sort: 'attributes.user_id' },
  started: { title: 'Started', width: 116, sort: 'attributes.start_time' },
  duration: { title: 'Duration', width: 110, sort: null },
} as const;

export type AttributeColumn = keyof typeof attributeColumns;
export type KeyKind = 'params' | 'metrics' | 'tags';
export type Column = { id: AttributeColumn; kind: 'attribute' } | { id: string; kind: KeyKind; key: string };

/** Status and name always stand first: without them a row says nothing. */
const fixed: readonly AttributeColumn[] = ['status', 'name'];
const optional: readonly AttributeColumn[] = ['jobType', 'author', 'started', 'duration'];

export function parseColumn(id: string): Column | null {
  if (Object.hasOwn(attributeColumns, id)) return { id: id as AttributeColumn, kind: 'attribute' };
  const match = /^(params|metrics|tags)\.(.+)$/s.exec(id);
  return match ? { id, kind: match[1] as KeyKind, key: match[2]! } : null;
}

export function parseColumns(cols: string | undefined): Column[] | null {
  if (cols === undefined) return null;
  const ids = cols.split(',').map((id) => id.replaceAll('%2C', ',').replaceAll('%25', '%'));
  return ordered(ids.map(parseColumn).filter((column) => column !== null));
}

export function writeColumns(columns: readonly Column[]): string {
  const chosen = columns.filter(({ id }) => !fixed.includes(id as AttributeColumn));
  // A table of only the fixed columns still needs a word, or the address would mean the default.
  if (chosen.length === 0) return 'name';
  return chosen.map(({ id }) => id.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
}

function ordered(columns: readonly Column[]): Column[] {
  const seen = new Set<string>();
  return [...fixed.map((id): Column => ({ id, kind: 'attribute' })), ...columns].filter(({ id }) => {
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

export interface Keys {
  params: string[];
  metrics: string[];
  tags: string[];
}

/** Every key that the rows hold, by name. */
export function keysOf(rows: readonly RunRow[]): Keys {
  const sorted = (pick: (row: RunRow) => object) =>
    [...new Set(rows.flatMap((row) => Object.keys(pick(row))))].sort((a, b) => a.localeCompare(b, 'en'));
  return { params: sorted((row) => row.params), metrics: sorted((row) => row.metrics), tags: sorted((row) => row.tags) };
}

/** Where none were chosen: the attributes, the metrics that most runs have, and the parameters in which runs differ. */
export function defaultColumns(rows: readonly RunRow[]): Column[] {
  const metrics = byCoverage(rows, (row) => row.metrics).slice(0, 4);
  const params = byCoverage(rows, (row) => row.params).filter((key) => differs(rows, key)).slice(0, 3);
  return ordered([
    ...optional.map((id): Column => ({ id, kind: 'attribute' })),
    ...metrics.map((key): Column => ({ id: `metrics.${key}`, kind: 'metrics', key })),
    ...params.map((key): Column => ({ id: `params.${key}`, kind: 'params', key })),
  ]);
}

function byCoverage(rows: readonly RunRow[], pick: (row: RunRow) => object): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const key of Object.keys(pick(row))) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b, 'en')).map(([key]) => key);
}

function differs(rows: readonly RunRow[], key: string): boolean {
  const values = new Set(rows.filter((row) => key in row.params).map((row) => JSON.stringify(row.params[key])));
  return values.size > 1 || rows.length === 1;
}

/** "-metrics.loss" → "metrics.loss DESC"; undefined where the column cannot be sorted by. */
export function orderBy(sort: string | undefined): string | undefined {
  if (sort === undefined) return undefined;
  const column = parseColumn(sort.replace(/^-/, ''));
  if (column === null) return undefined;
  const field = sortField(column);
  return field === null ? undefined : `${field} ${sort.startsWith('-') ? 'DESC' : 'ASC'}`;
}

export function sortField(column: Column): string | null {
  return column.kind === 'attribute' ? attributeColumns[column.id].sort : identifier(column.kind, column.key);
}

/** What a click on a heading leads to: numbers and times greatest first, then least first, then no order. */
export function nextSort(sort: string | undefined, column: Column): string | undefined {
  const downFirst = column.kind === 'metrics' || column.id === 'started';
  const order = downFirst ? [`-${column.id}`, column.id] : [column.id, `-${column.id}`];
  return order[order.indexOf(sort ?? '') + 1];
}
