// What is compared of runs: rows of values, one column for each run, and the texts that say which code and packages ran.
import type { Json, RunDetail, RunFileInfo } from '../api/types';
import { formatJson, formatNumber, toNumber } from '../format/numbers';
import { duration, exactTime } from '../format/time';
import { splitTags } from '../run/tags';

export interface FactRow {
  key: string;
  /** What each run has; null where it has nothing. */
  values: readonly (string | null)[];
  differs: boolean;
  /** Index of the least and the greatest, where the row is numbers that differ. */
  least?: number;
  greatest?: number;
  /** The numbers, where all that is there are numbers. */
  numbers?: readonly (number | null)[];
}

export function paramRows(runs: readonly RunDetail[]): FactRow[] {
  return rowsOf(runs, ({ params }) => params, (value) => formatJson(value as Json));
}

export function metricRows(runs: readonly RunDetail[]): FactRow[] {
  const rows = rowsOf(
    runs, (run) => ({ ...Object.fromEntries(run.metrics.map(({ key, value }) => [key, toNumber(value)])), ...run.summary }),
    (value) => (typeof value === 'number' ? formatNumber(value) : formatJson(value as Json)),
  );
  return rows.map((row) => {
    const numbers = runs.map((run) => {
      const kept = row.key in run.summary ? run.summary[row.key] : run.metrics.find(({ key }) => key === row.key)?.value;
      const number = typeof kept === 'number' ? kept : NaN;
      return Number.isFinite(number) ? number : null;
    });
    const known = numbers.filter((value) => value !== null);
    if (known.length < 2 || !row.differs) return row;
    const [least, greatest] = [Math.min(...known), Math.max(...known)];
    return { ...row, numbers, ...(least < greatest ? { least: numbers.indexOf(least), greatest: numbers.indexOf(greatest) } : {}) };
  });
}

export function runRows(runs: readonly RunDetail[]): FactRow[] {
  const facts = runs.map((detail) => {
    const { run, tags } = detail;
    const { source } = splitTags(tags);
    return {
      Status: run.status, Author: run.author ?? null, 'Job type': run.jobType ?? null, Started: exactTime(run.startedAt),
      Duration: run.endedAt ? duration(run.endedAt - run.startedAt) : null, Experiment: run.experimentName,
      Project: source.name ?? null, 'Entry point': source.entryPoint ?? null, Repository: source.repository ?? null, Branch: source.branch ?? null,
      Commit: source.commit?.slice(0, 12) ?? null, Environment: source.environment ?? tags['cairn.environment.hash'] ?? null, Backend: source.backend ?? null,
      Machine: tags['cairn.host'] ?? null,
      Inputs: detail.inputs.map(({ version }) => `${version.name}:${version.version}`).join(', ') || null,
      Outputs: detail.outputs.map(({ version }) => `${version.name}:${version.version}`).join(', ') || null,
    };
  });
  return rowsOf(runs, (_, i) => facts[i]!, String, false).filter(({ values }) => values.some((value) => value !== null));
}

export function tagRows(runs: readonly RunDetail[]): FactRow[] {
  return rowsOf(runs, ({ tags }) => Object.fromEntries(splitTags(tags).tags), String);
}

function rowsOf(
  runs: readonly RunDetail[], pick: (run: RunDetail, i: number) => Readonly<Record<string, unknown>>, say: (value: unknown) => string, sort = true,
): FactRow[] {
  const all = runs.map(pick);
  const keys = [...new Set(all.flatMap((one) => Object.keys(one)))];
  if (sort) keys.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return keys.map((key) => {
    const values = all.map((one) => (Object.hasOwn(one, key) && one[key] !== null && one[key] !== undefined ? say(one[key]) : null));
    return { key, values, differs: new Set(values).size > 1 };
  });
}

/** The columns in the order of a row's values, greatest first, or the other way round where they stand so already; what has none stands last. */
export function orderBy({ values, numbers }: FactRow): number[] {
  const keys = values.map((value, i) => (numbers ? (numbers[i] ?? null) : value === null || value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value)));
  const least = (a: number | string, b: number | string) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true }));
  const order = (way: 1 | -1) => keys.map((_, i) => i).sort((i, j) => {
    const [a, b] = [keys[i]!, keys[j]!];
    if (a === null || b === null) return a === b ? i - j : a === null ? 1 : -1;
    return way * least(a, b) || i - j;
  });
  const down = order(-1);
  return down.every((to, i) => to === i) ? order(1) : down;
}

/** Files that say the same thing of a run, under the names that the clients give them. */
export const sources: readonly { title: string; what: string; paths: readonly string[] }[] = [
  { title: 'Uncommitted changes', what: 'what was changed and not committed when the run began', paths: ['cairn/uncommitted.patch', 'diff.patch', 'code/diff.patch'] },
  { title: 'Packages', what: 'the packages of the environment, to the version', paths: ['cairn/environment.lock', 'requirements.txt', 'conda-environment.yaml'] },
  { title: 'Code', what: 'the files of the component', paths: ['cairn/code.txt'] },
];

export function sourceFile(files: readonly RunFileInfo[], paths: readonly string[]): RunFileInfo | undefined {
  for (const path of paths) {
    const found = files.find((file) => file.path === path);
    if (found) return found;
  }
  return undefined;
}
