// How much a metric depends on each parameter, over the runs that are looked at: the correlation, and what a random forest
// loses where a parameter is shuffled (permutation importance). The same runs always give the same answer.
import type { Value } from './values';

export interface Importance {
  column: string;
  /** From 0 to 1; all of them together are 1. */
  share: number;
  /** From −1 to 1; null for words, which have no order. */
  correlation: number | null;
}

const trees = 40;
const deepest = 8;
const leastLeaf = 3;
const runsAtMost = 1000;

/** Null where there are too few runs with a value to say anything. */
export function importanceOf(columns: readonly string[], values: readonly (readonly Value[])[], target: readonly Value[]): Importance[] | null {
  const rows = [...target.keys()].filter((i) => typeof target[i] === 'number').slice(0, runsAtMost);
  if (rows.length < 8) return null;
  const y = rows.map((i) => target[i] as number);
  const features = values.map((column) => encode(rows.map((i) => column[i] ?? null)));
  const next = randomNumbers(1);
  const forest = Array.from({ length: trees }, () => {
    const bag = rows.map(() => Math.floor(next() * rows.length));
    return { tree: grow(bag, features, y, 0, next), out: outOf(bag, rows.length) };
  });

  const losses = features.map((column) => {
    let lost = 0;
    for (const { tree, out } of forest) {
      if (out.length < 2) continue;
      const shuffled = shuffle(out, next);
      let before = 0;
      let after = 0;
      out.forEach((row, i) => {
        before += (predict(tree, row, null, 0) - y[row]!) ** 2;
        after += (predict(tree, row, column, shuffled[i]!) - y[row]!) ** 2;
      });
      lost += (after - before) / out.length;
    }
    return Math.max(0, lost);
  });
  const all = losses.reduce((sum, loss) => sum + loss, 0);
  return columns
    .map((column, i) => ({ column, share: all > 0 ? losses[i]! / all : 0, correlation: correlate(rows.map((row) => values[i]![row] ?? null), y) }))
    .sort((a, b) => b.share - a.share || Math.abs(b.correlation ?? 0) - Math.abs(a.correlation ?? 0));
}

/** Words become numbers in the order of their names; what is missing stands apart, below all. */
function encode(column: readonly Value[]): Float64Array {
  const words = [...new Set(column.filter((value) => typeof value === 'string'))].sort();
  const numbers = column.map((value) => (typeof value === 'number' ? value : typeof value === 'string' ? words.indexOf(value) : NaN));
  const least = Math.min(0, ...numbers.filter((n) => !Number.isNaN(n)));
  return Float64Array.from(numbers, (n) => (Number.isNaN(n) ? least - 1 : n));
}

export function correlate(x: readonly Value[], y: readonly number[]): number | null {
  const pairs = x.flatMap((value, i) => (typeof value === 'number' ? [[value, y[i]!] as const] : []));
  if (pairs.length < 3 || x.some((value) => typeof value === 'string')) return null;
  const mean = (pick: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[pick], 0) / pairs.length;
  const [mx, my] = [mean(0), mean(1)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [a, b] of pairs) {
    xy += (a - mx) * (b - my);
    xx += (a - mx) ** 2;
    yy += (b - my) ** 2;
  }
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

type Tree = { value: number } | { feature: Float64Array; at: number; below: Tree; above: Tree };

function grow(rows: readonly number[], features: readonly Float64Array[], y: readonly number[], depth: number, next: () => number): Tree {
  const mean = rows.reduce((sum, row) => sum + y[row]!, 0) / rows.length;
  if (depth >= deepest || rows.length < 2 * leastLeaf) return { value: mean };
  let best: { feature: Float64Array; at: number; gain: number } | null = null;
  // As is usual with forests, each split looks at some of the features only.
  const looked = Math.max(1, Math.ceil(features.length / 3));
  for (let tried = 0; tried < looked; tried++) {
    const feature = features[Math.floor(next() * features.length)]!;
    const found = split(rows, feature, y);
    if (found && (!best || found.gain > best.gain)) best = { feature, ...found };
  }
  if (!best) return { value: mean };
  const { feature, at } = best;
  return {
    feature, at,
    below: grow(rows.filter((row) => feature[row]! <= at), features, y, depth + 1, next),
    above: grow(rows.filter((row) => feature[row]! > at), features, y, depth + 1, next),
  };
}

/** Where a feature best parts the rows: the greatest fall of the squared error. */
function split(rows: readonly number[], feature: Float64Array, y: readonly number[]): { at: number; gain: number } | null {
  const sorted = [...rows].sort((a, b) => feature[a]! - feature[b]!);
  const total = sorted.reduce((sum, row) => sum + y[row]!, 0);
  let best: { at: number; gain: number } | null = null;
  let sum = 0;
  for (let i = 0; i < sorted.length - 1; i++) {
    sum += y[sorted[i]!]!;
    const [here, there] = [feature[sorted[i]!]!, feature[sorted[i + 1]!]!];
    const count = i + 1;
    if (here === there || count < leastLeaf || sorted.length - count < leastLeaf) continue;
    const gain = sum ** 2 / count + (total - sum) ** 2 / (sorted.length - count) - total ** 2 / sorted.length;
    if (gain > 1e-12 && (!best || gain > best.gain)) best = { at: (here + there) / 2, gain };
  }
  return best;
}

/** `swapped` is read from another row: that is what shuffling it means. */
function predict(tree: Tree, row: number, swapped: Float64Array | null, other: number): number {
  let at = tree;
  while ('feature' in at) at = at.feature[at.feature === swapped ? other : row]! <= at.at ? at.below : at.above;
  return at.value;
}

function outOf(bag: readonly number[], count: number): number[] {
  const inside = new Set(bag);
  return Array.from({ length: count }, (_, i) => i).filter((i) => !inside.has(i));
}

function shuffle(items: readonly number[], next: () => number): number[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
