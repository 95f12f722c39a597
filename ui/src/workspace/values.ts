// What a run has in a column ("params.lr", "metrics.val/loss", "tags.team", "author"), and where that stands on an axis.
import type { Json, RunRow } from '../api/types';
import { toNumber } from '../format/numbers';

export type Value = number | string | null;

export function valueOf({ run, params, metrics, tags }: RunRow, column: string): Value {
  const dot = column.indexOf('.');
  const key = column.slice(dot + 1);
  switch (dot < 0 ? column : column.slice(0, dot)) {
    case 'params': return fromJson(params[key]);
    case 'metrics': return key in metrics ? finite(toNumber(metrics[key]!)) : null;
    case 'tags': return tags[key] ?? null;
    case 'author': return run.author ?? null;
    case 'jobType': return run.jobType ?? null;
    case 'status': return run.status;
    case 'started': return run.startedAt;
    case 'duration': return run.endedAt ? (run.endedAt - run.startedAt) / 1000 : null;
    default: return null;
  }
}

/** A parameter that reads as a number is one: MLflow's clients send all of them as text. */
function fromJson(value: Json | undefined): Value {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return finite(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

export const columnTitle = (column: string): string => column.replace(/^(params|metrics|tags)\./, '');

export type Axis =
  | { kind: 'number'; min: number; max: number; log: boolean }
  | { kind: 'text'; words: readonly string[] };

/** Values that span more than two powers of ten and are all above 0 stand on a log axis. */
const logFrom = 100;

export function axisOf(values: readonly Value[]): Axis {
  const known = values.filter((value) => value !== null);
  if (known.length > 0 && known.every((value) => typeof value === 'number')) {
    const min = Math.min(...known);
    const max = Math.max(...known);
    return min === max
      ? { kind: 'number', min: min - Math.max(1e-9, Math.abs(min) / 10), max: max + Math.max(1e-9, Math.abs(max) / 10), log: false }
      : { kind: 'number', min, max, log: min > 0 && max / min > logFrom };
  }
  return { kind: 'text', words: [...new Set([...known].sort(byRank).map(String))] };
}

/** Numbers by what they are worth (text would put 0.1 before 0.01), then words. */
function byRank(a: NonNullable<Value>, b: NonNullable<Value>): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return a.localeCompare(b, 'en', { numeric: true });
}

/** From 0 (least) to 1 (greatest); null where the run has no value. */
export function placeOf(axis: Axis, value: Value): number | null {
  if (value === null) return null;
  if (axis.kind === 'text') {
    const at = axis.words.indexOf(String(value));
    return at < 0 ? null : axis.words.length === 1 ? 0.5 : at / (axis.words.length - 1);
  }
  if (typeof value !== 'number') return null;
  return axis.log
    ? (Math.log(value) - Math.log(axis.min)) / (Math.log(axis.max) - Math.log(axis.min))
    : (value - axis.min) / (axis.max - axis.min);
}

/** The value at a place of a number axis. */
export function valueAtPlace(axis: Axis, place: number): number {
  if (axis.kind === 'text') return place;
  return axis.log ? axis.min * (axis.max / axis.min) ** place : axis.min + place * (axis.max - axis.min);
}

/** Marks of an axis: round numbers, powers of ten, or the words as far as there is room. */
export function marksOf(axis: Axis, atMost = 5): { place: number; value: number | string }[] {
  if (axis.kind === 'text') {
    const every = Math.max(1, Math.ceil(axis.words.length / Math.max(2, atMost * 2)));
    return axis.words.flatMap((word, i) => (i % every === 0 ? [{ place: placeOf(axis, word)!, value: word }] : []));
  }
  const values: number[] = [];
  if (axis.log) {
    for (let power = Math.ceil(Math.log10(axis.min) - 1e-9); 10 ** power <= axis.max * 1.000001; power++) values.push(10 ** power);
  } else {
    const rough = (axis.max - axis.min) / atMost;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough)!;
    for (let at = Math.ceil(axis.min / step - 1e-9); at * step <= axis.max + step * 1e-9; at++) values.push(Number((at * step).toPrecision(12)));
  }
  return values.map((value) => ({ place: placeOf(axis, value)!, value }));
}

/** Columns in which the runs differ: what there is to compare by. */
export function varyingColumns(rows: readonly RunRow[], columns: readonly string[]): string[] {
  return columns.filter((column) => {
    const seen = new Set(rows.map((row) => valueOf(row, column)).filter((value) => value !== null));
    return seen.size > 1;
  });
}
