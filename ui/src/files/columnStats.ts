// What a column of a table holds, in a few figures.

export interface ColumnStats {
  kind: 'number' | 'text' | 'empty';
  /** Values that are there. */
  count: number;
  missing: number;
  distinct: number;
  /** True where counting stopped: there are at least so many. */
  distinctAtLeast: boolean;
  min?: number;
  max?: number;
  mean?: number;
  deviation?: number;
  /** The most frequent text and how often it stands there. */
  top?: { value: string; count: number };
}

const missingWords = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None']);
const mostDistinct = 50_000;

export function columnStats(rows: readonly (readonly string[])[], column: number): ColumnStats {
  const seen = new Map<string, number>();
  let distinctAtLeast = false;
  let count = 0;
  let numeric = true;
  let min = Infinity;
  let max = -Infinity;
  // Welford's way: one pass, and no loss where values are large and near to each other.
  let mean = 0;
  let squares = 0;
  for (const row of rows) {
    const value = (row[column] ?? '').trim();
    if (missingWords.has(value)) continue;
    count++;
    const times = seen.get(value);
    if (times !== undefined) seen.set(value, times + 1);
    else if (seen.size < mostDistinct) seen.set(value, 1);
    else distinctAtLeast = true;
    if (!numeric) continue;
    const n = Number(value);
    if (!Number.isFinite(n)) {
      numeric = false;
      continue;
    }
    min = Math.min(min, n);
    max = Math.max(max, n);
    const off = n - mean;
    mean += off / count;
    squares += off * (n - mean);
  }
  const shared = { count, missing: rows.length - count, distinct: seen.size, distinctAtLeast };
  if (count === 0) return { kind: 'empty', ...shared };
  if (numeric) return { kind: 'number', ...shared, min, max, mean, deviation: Math.sqrt(squares / count) };
  let top = { value: '', count: 0 };
  for (const [value, times] of seen) if (times > top.count) top = { value, count: times };
  return { kind: 'text', ...shared, top };
}
