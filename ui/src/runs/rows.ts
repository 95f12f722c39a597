// The lines of the table, from top to bottom: runs with their nested ones, or groups with theirs.
import type { RunGroupInfo, RunRow } from '../api/types';
import type { Column } from './columns';
import type { RunNode } from './tree';

export type TableLine =
  | { kind: 'run'; id: string; row: RunRow; depth: number; nested: number; open: boolean }
  | { kind: 'group'; id: string; group: RunGroupInfo; open: boolean }
  | { kind: 'more'; id: string; group: string; shown: number; of: number };

/** Runs in their tree; `closed` holds those whose nested runs are hidden. */
export function runLines(nodes: readonly RunNode[], closed: ReadonlySet<string>, depth = 0): TableLine[] {
  const lines: TableLine[] = [];
  for (const { row, children } of nodes) {
    const open = !closed.has(row.run.id);
    lines.push({ kind: 'run', id: row.run.id, row, depth, nested: children.length, open });
    if (open && children.length > 0) lines.push(...runLines(children, closed, depth + 1));
  }
  return lines;
}

/** A group by its values: what it is remembered by. */
export const groupId = (group: RunGroupInfo): string => JSON.stringify(group.values);

/** Groups, each with its runs where it is open; `runsOf` answers those that are here already. */
export function groupLines(groups: readonly RunGroupInfo[], runsOf: (id: string) => readonly RunRow[] | undefined): TableLine[] {
  return groups.flatMap((group): TableLine[] => {
    const id = groupId(group);
    const runs = runsOf(id);
    const lines: TableLine[] = [{ kind: 'group', id, group, open: runs !== undefined }];
    for (const row of runs ?? []) lines.push({ kind: 'run', id: row.run.id, row, depth: 1, nested: 0, open: true });
    if (runs && runs.length < group.runs) lines.push({ kind: 'more', id: `${id}+`, group: id, shown: runs.length, of: group.runs });
    return lines;
  });
}

export type AggregateName = 'mean' | 'min' | 'max' | 'count';

/** What a group shows in a column: a number, or the text that all its runs share. */
export function groupValue(group: RunGroupInfo, column: Column, of: readonly Column[], name: AggregateName): { number: number | null; only: string | null } {
  const sum = column.id === 'duration' ? group.duration : group.aggregates[of.findIndex(({ id }) => id === column.id)];
  if (!sum) return { number: null, only: null };
  const value = name === 'count' ? sum.count : name === 'min' ? sum.least : name === 'max' ? sum.greatest : sum.mean;
  return { number: sum.count === 0 || value === null || value === undefined ? null : Number(value), only: sum.only ?? null };
}

/** Groups in the order of the strongest sort that means something for them; largest first without one. */
export function sortGroups(
  groups: readonly RunGroupInfo[], sort: { column: Column; descending: boolean } | undefined, by: readonly Column[], of: readonly Column[], name: AggregateName,
): RunGroupInfo[] {
  if (!sort) return [...groups];
  const { column, descending } = sort;
  const place = by.findIndex(({ id }) => id === column.id);
  const key = (group: RunGroupInfo): number | string | null => {
    if (place >= 0) {
      const text = group.values[place] ?? null;
      return text !== null && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    }
    if (column.id === 'started') return group.lastStartedAt;
    const { number, only } = groupValue(group, column, of, name);
    return number ?? only;
  };
  const compare = (a: number | string, b: number | string) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : typeof a === typeof b ? String(a).localeCompare(String(b), 'en') : typeof a === 'number' ? -1 : 1;
  return groups.map((group) => ({ group, key: key(group) })).sort((a, b) => {
    if (a.key === null || b.key === null) return a.key === b.key ? 0 : a.key === null ? 1 : -1;
    return descending ? compare(b.key, a.key) : compare(a.key, b.key);
  }).map(({ group }) => group);
}
