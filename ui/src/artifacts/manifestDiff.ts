// What changed between two versions: files by path and digest, values by key.
import type { Json, ManifestEntry } from '../api/types';

export interface FileChange {
  kind: 'added' | 'removed' | 'changed' | 'moved';
  path: string;
  /** Where a moved file was before. */
  from?: string;
  before: ManifestEntry | null;
  after: ManifestEntry | null;
}

export interface ManifestDiff {
  changes: FileChange[];
  same: number;
}

export function diffManifests(before: readonly ManifestEntry[], after: readonly ManifestEntry[]): ManifestDiff {
  const old = new Map(before.map((entry) => [entry.path, entry]));
  const now = new Map(after.map((entry) => [entry.path, entry]));
  const changes: FileChange[] = [];
  let same = 0;
  const gone = before.filter(({ path }) => !now.has(path));
  // A file that left one path and came to another with the same content was moved.
  const byDigest = new Map<string, ManifestEntry[]>();
  for (const entry of gone) byDigest.set(entry.digest, [...(byDigest.get(entry.digest) ?? []), entry]);
  const movedFrom = new Set<string>();
  for (const entry of after) {
    const was = old.get(entry.path);
    if (was) {
      if (was.digest === entry.digest) same++;
      else changes.push({ kind: 'changed', path: entry.path, before: was, after: entry });
      continue;
    }
    const source = byDigest.get(entry.digest)?.shift();
    if (source) {
      movedFrom.add(source.path);
      changes.push({ kind: 'moved', path: entry.path, from: source.path, before: source, after: entry });
    } else changes.push({ kind: 'added', path: entry.path, before: null, after: entry });
  }
  for (const entry of gone) if (!movedFrom.has(entry.path)) changes.push({ kind: 'removed', path: entry.path, before: entry, after: null });
  changes.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { changes, same };
}

export interface ValueChange {
  key: string;
  before: Json | undefined;
  after: Json | undefined;
  same: boolean;
}

export function diffValues(before: Readonly<Record<string, Json>>, after: Readonly<Record<string, Json>>): ValueChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const of = (values: Readonly<Record<string, Json>>, key: string) => (Object.hasOwn(values, key) ? values[key] : undefined);
  return keys.map((key) => {
    const [was, is] = [of(before, key), of(after, key)];
    return { key, before: was, after: is, same: JSON.stringify(was) === JSON.stringify(is) };
  });
}

/** How a number changed, as "+0.02 (+2.4 %)"; nothing where one of the two is no number. */
export function changeOf(before: Json | undefined, after: Json | undefined): string | null {
  if (typeof before !== 'number' || typeof after !== 'number' || before === after) return null;
  const by = after - before;
  const sign = by > 0 ? '+' : '−';
  const size = Number(Math.abs(by).toPrecision(3));
  const part = before === 0 ? '' : ` (${sign}${Number(Math.abs((by / before) * 100).toPrecision(2))} %)`;
  return `${sign}${size}${part}`;
}
