// A logged table, and what it draws as: the presets of `wandb.plot` are tables that are told by their columns.
import type { Json } from '../api/types';
import { formatJson } from '../format/numbers';

export interface LoggedTable {
  columns: string[];
  data: Json[][];
}

export type Plot =
  | { kind: 'confusion'; classes: string[]; counts: number[][] }
  | { kind: 'lines'; x: string; y: string; lines: { name: string; points: [number, number][] }[] }
  | { kind: 'bars'; bars: { label: string; value: number }[] }
  | { kind: 'values'; name: string; values: number[] };

/** Columns and rows as both clients write them. */
export function parseLoggedTable(text: string): LoggedTable | null {
  try {
    const read = JSON.parse(text) as { columns?: unknown; data?: unknown } | null;
    if (!Array.isArray(read?.columns) || !Array.isArray(read.data)) return null;
    return { columns: read.columns.map(String), data: read.data.filter((row): row is Json[] => Array.isArray(row)) };
  } catch {
    return null;
  }
}

export function plotOf({ columns, data }: LoggedTable): Plot | null {
  const at = (name: string) => columns.findIndex((column) => column.toLowerCase() === name);
  const has = (...names: string[]) => names.every((name) => at(name) >= 0);
  const isExactly = (...names: string[]) => columns.length === names.length && has(...names);
  if (has('actual', 'predicted', 'npredictions')) return confusion(data, at('actual'), at('predicted'), at('npredictions'));
  if (has('class', 'fpr', 'tpr')) return lines(data, 'fpr', 'tpr', at('fpr'), at('tpr'), at('class'));
  if (has('class', 'recall', 'precision')) return lines(data, 'recall', 'precision', at('recall'), at('precision'), at('class'));
  if (isExactly('step', 'linekey', 'lineval')) return lines(data, 'step', 'value', at('step'), at('lineval'), at('linekey'));
  if (isExactly('x', 'y')) return lines(data, 'x', 'y', at('x'), at('y'), -1);
  if (isExactly('label', 'value')) return { kind: 'bars', bars: data.flatMap((row) => (isNumber(row[at('value')]) ? [{ label: formatJson(row[at('label')]), value: Number(row[at('value')]) }] : [])) };
  if (columns.length === 1 && data.length > 0 && data.every(([value]) => isNumber(value))) return { kind: 'values', name: columns[0]!, values: data.map(([value]) => Number(value)) };
  return null;
}

const isNumber = (value: Json | undefined): value is number => typeof value === 'number' && Number.isFinite(value);

function confusion(data: readonly Json[][], actual: number, predicted: number, count: number): Plot {
  const classes = [...new Set(data.flatMap((row) => [formatJson(row[actual]), formatJson(row[predicted])]))];
  const counts = classes.map(() => classes.map(() => 0));
  for (const row of data) {
    const cell = counts[classes.indexOf(formatJson(row[actual]))]!;
    cell[classes.indexOf(formatJson(row[predicted]))]! += isNumber(row[count]) ? Number(row[count]) : 0;
  }
  return { kind: 'confusion', classes, counts };
}

function lines(data: readonly Json[][], xName: string, yName: string, x: number, y: number, name: number): Plot {
  const found = new Map<string, [number, number][]>();
  for (const row of data) {
    if (!isNumber(row[x]) || !isNumber(row[y])) continue;
    const key = name < 0 ? '' : formatJson(row[name]);
    const points = found.get(key);
    if (points) points.push([Number(row[x]), Number(row[y])]);
    else found.set(key, [[Number(row[x]), Number(row[y])]]);
  }
  for (const points of found.values()) points.sort(([a], [b]) => a - b);
  return { kind: 'lines', x: xName, y: yName, lines: [...found].map(([key, points]) => ({ name: key, points })) };
}

/** Even bars over the values. */
export function histogramOf(values: readonly number[], bars = 30): { counts: number[]; edges: number[] } {
  const least = Math.min(...values);
  const greatest = Math.max(...values);
  const width = (greatest - least || 1) / bars;
  const counts = new Array<number>(bars).fill(0);
  for (const value of values) counts[Math.min(bars - 1, Math.floor((value - least) / width))]! += 1;
  return { counts, edges: Array.from({ length: bars + 1 }, (_, i) => least + i * width) };
}
