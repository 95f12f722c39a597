// Two tables by the figures of their columns, and by their rows.
import { type ColumnStats, columnStats } from '../files/columnStats';
import type { Table } from '../files/table';

export interface ColumnChange {
  name: string;
  before: ColumnStats | null;
  after: ColumnStats | null;
  same: boolean;
}

export interface TableChange {
  rowsBefore: number;
  rowsAfter: number;
  /** Rows that only one side has, each as often as it is there more; null where the columns are not the same. */
  rowsAdded: number | null;
  rowsRemoved: number | null;
  columns: ColumnChange[];
}

export function diffTables(before: Table | null, after: Table | null): TableChange {
  const [a, b] = [before ?? none, after ?? none];
  const names = [...new Set([...a.header, ...b.header])];
  const columns = names.map((name) => {
    const [was, is] = [statsOf(a, name), statsOf(b, name)];
    return { name, before: was, after: is, same: JSON.stringify(was) === JSON.stringify(is) };
  });
  const sameColumns = before !== null && after !== null && a.header.length === b.header.length && a.header.every((name, i) => name === b.header[i]);
  const whole = sameColumns && (a.total ?? a.rows.length) === a.rows.length && (b.total ?? b.rows.length) === b.rows.length;
  const [rowsAdded, rowsRemoved] = whole ? rowChanges(a.rows, b.rows) : [null, null];
  return { rowsBefore: a.total ?? a.rows.length, rowsAfter: b.total ?? b.rows.length, rowsAdded, rowsRemoved, columns };
}

const none: Table = { header: [], rows: [] };

function statsOf(table: Table, name: string): ColumnStats | null {
  const at = table.header.indexOf(name);
  return at < 0 ? null : columnStats(table.rows, at);
}

function rowChanges(before: readonly string[][], after: readonly string[][]): [number, number] {
  const counts = new Map<string, number>();
  const keyOf = (row: readonly string[]) => row.join('\u001f');
  for (const row of before) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  let added = 0;
  for (const row of after) {
    const key = keyOf(row);
    const left = counts.get(key) ?? 0;
    if (left === 0) added++;
    else counts.set(key, left - 1);
  }
  return [added, [...counts.values()].reduce((sum, left) => sum + left, 0)];
}
