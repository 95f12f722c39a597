// A JSON value → the rows of a tree that are seen while some of its parts are closed.
import type { Json } from '../api/types';

export interface JsonRow {
  /** Where the value stands: a JSON pointer. */
  path: string;
  depth: number;
  name: string | null;
  /** A leaf's text as JSON; for a list or an object what is in it, in brief. */
  text: string;
  kind: 'string' | 'number' | 'boolean' | 'null' | 'list' | 'object';
  open: boolean;
}

/** Parts of a list beyond these are left out of the tree; the text has them all. */
export const mostParts = 2_000;

export function jsonRows(value: Json, closed: ReadonlySet<string>): JsonRow[] {
  const rows: JsonRow[] = [];
  const visit = (at: Json, path: string, name: string | null, depth: number) => {
    if (at === null || typeof at !== 'object') {
      rows.push({ path, depth, name, text: JSON.stringify(at), kind: at === null ? 'null' : (typeof at as 'string' | 'number' | 'boolean'), open: false });
      return;
    }
    const parts: [string, Json][] = Array.isArray(at) ? at.map((one, i) => [String(i), one]) : Object.entries(at);
    const open = parts.length > 0 && !closed.has(path);
    rows.push({
      path, depth, name, kind: Array.isArray(at) ? 'list' : 'object', open,
      text: Array.isArray(at) ? `[ ${parts.length} ]` : `{ ${parts.length} }`,
    });
    if (!open) return;
    for (const [key, inner] of parts.slice(0, mostParts)) visit(inner, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, key, depth + 1);
    if (parts.length > mostParts) rows.push({ path: `${path}/…`, depth: depth + 1, name: null, text: `and ${parts.length - mostParts} more`, kind: 'null', open: false });
  };
  visit(value, '', null, 0);
  return rows;
}

/** What is closed at first: everything below the second level where all of it would be too much to see. */
export function firstClosed(value: Json): Set<string> {
  const all = jsonRows(value, new Set());
  return new Set(all.length <= 200 ? [] : all.filter((row) => row.open && row.depth >= 2).map((row) => row.path));
}
