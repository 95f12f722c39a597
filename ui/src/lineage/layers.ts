// Places the nodes of a directed graph in columns, from left (what came first) to right, so that few lines cross and
// lines run straight. Made for lineage: thousands of nodes in a fraction of a second, in four passes:
//
//   1. columns    a node stands right of everything it came from (longest path; an edge that closes a circle is ignored)
//   2. bends      an edge over several columns gets a bend in each column it passes, so that it leads around the nodes
//   3. order      within a column by the middle of the neighbours, swept to and fro
//   4. height     as near to the neighbours as the order and the gaps allow (least squares, by pooling neighbours)

export interface Size {
  width: number;
  height: number;
  columnGap: number;
  rowGap: number;
  margin: number;
}

export interface Placed {
  /** Left upper corners, by number of the node. */
  x: Float64Array;
  y: Float64Array;
  column: Int32Array;
  /** The heights at which edge number i passes the columns between its ends, from left to right. */
  bends: (number[] | null)[];
  width: number;
  height: number;
}

/** Bends beyond this number cost more time than they make clearer; the longest edges then run straight. */
const mostBends = 30_000;
const sweeps = 6;
const bendHeight = 8;

export function placeInColumns(count: number, edges: readonly (readonly [number, number])[], size: Size): Placed {
  const column = columnsOf(count, edges);
  const { total, chains } = withBends(count, edges, column);
  const left = adjacency(total.column.length, total.pairs, 1);
  const right = adjacency(total.column.length, total.pairs, 0);
  const columns = initialOrder(total.column);
  for (let i = 0; i < sweeps; i++) sweepOrder(columns, i % 2 === 0 ? left : right, i % 2 === 0);
  const centre = heights(columns, left, right, (node) => (node < count ? size.height : bendHeight), size.rowGap);

  let top = Infinity;
  let bottom = -Infinity;
  for (let node = 0; node < total.column.length; node++) {
    const half = (node < count ? size.height : bendHeight) / 2;
    top = Math.min(top, centre[node]! - half);
    bottom = Math.max(bottom, centre[node]! + half);
  }
  if (count === 0) top = bottom = 0;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (let node = 0; node < count; node++) {
    x[node] = size.margin + column[node]! * (size.width + size.columnGap);
    y[node] = centre[node]! - size.height / 2 - top + size.margin;
  }
  const bends = chains.map((chain) => (chain === null ? null : chain.map((node) => centre[node]! - top + size.margin)));
  const last = columns.length - 1;
  return {
    x, y, column, bends,
    width: count === 0 ? 0 : 2 * size.margin + (last + 1) * size.width + last * size.columnGap,
    height: count === 0 ? 0 : bottom - top + 2 * size.margin,
  };
}

/** Longest path from the left; a node without predecessors moves right, next to the first that needs it. */
function columnsOf(count: number, edges: readonly (readonly [number, number])[]): Int32Array {
  const forward = withoutCircles(count, edges);
  const column = new Int32Array(count);
  const waiting = new Int32Array(count);
  const next: number[][] = Array.from({ length: count }, () => []);
  const before: number[][] = Array.from({ length: count }, () => []);
  for (const [from, to] of forward) {
    next[from]!.push(to);
    before[to]!.push(from);
    waiting[to]!++;
  }
  const order: number[] = [];
  for (let node = 0; node < count; node++) if (waiting[node] === 0) order.push(node);
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!;
    for (const to of next[node]!) {
      column[to] = Math.max(column[to]!, column[node]! + 1);
      if (--waiting[to]! === 0) order.push(to);
    }
  }
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    if (before[node]!.length > 0 || next[node]!.length === 0) continue;
    column[node] = Math.min(...next[node]!.map((to) => column[to]!)) - 1;
  }
  return column;
}

function withoutCircles(count: number, edges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const next: number[][] = Array.from({ length: count }, () => []);
  edges.forEach(([from], i) => next[from]!.push(i));
  const state = new Uint8Array(count);
  const kept: (readonly [number, number])[] = [];
  // Depth first with a stack of its own: a chain may be longer than the browser's call stack.
  for (let start = 0; start < count; start++) {
    if (state[start] !== 0) continue;
    const stack: [number, number][] = [[start, 0]];
    state[start] = 1;
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const edge = next[top[0]]![top[1]++];
      if (edge === undefined) {
        state[top[0]] = 2;
        stack.pop();
        continue;
      }
      const to = edges[edge]![1];
      if (state[to] === 1) continue;
      kept.push(edges[edge]!);
      if (state[to] === 0) {
        state[to] = 1;
        stack.push([to, 0]);
      }
    }
  }
  return kept;
}

interface Chained {
  total: { column: number[]; pairs: [number, number][] };
  chains: (number[] | null)[];
}

function withBends(count: number, edges: readonly (readonly [number, number])[], column: Int32Array): Chained {
  const columns = Array.from(column);
  const pairs: [number, number][] = [];
  const chains: (number[] | null)[] = edges.map(() => null);
  const short = edges.map((_, i) => i).sort((a, b) => spanOf(edges[a]!, column) - spanOf(edges[b]!, column));
  for (const i of short) {
    const [from, to] = edges[i]!;
    const span = column[to]! - column[from]!;
    if (span < 1) continue;
    if (span === 1) {
      pairs.push([from, to]);
      continue;
    }
    if (columns.length - count + span > mostBends) continue;
    const chain: number[] = [];
    let before = from;
    for (let at = column[from]! + 1; at < column[to]!; at++) {
      const bend = columns.length;
      columns.push(at);
      pairs.push([before, bend]);
      chain.push(bend);
      before = bend;
    }
    pairs.push([before, to]);
    chains[i] = chain;
  }
  return { total: { column: columns, pairs }, chains };
}

function spanOf([from, to]: readonly [number, number], column: Int32Array): number {
  return column[to]! - column[from]!;
}

/** Neighbours on one side: `side` 1 answers for every node those left of it, 0 those right of it. */
function adjacency(count: number, pairs: readonly [number, number][], side: 0 | 1): number[][] {
  const of: number[][] = Array.from({ length: count }, () => []);
  for (const pair of pairs) of[pair[side]]!.push(pair[1 - side]!);
  return of;
}

function initialOrder(column: readonly number[]): number[][] {
  const columns: number[][] = [];
  column.forEach((at, node) => {
    while (columns.length <= at) columns.push([]);
    columns[at]!.push(node);
  });
  return columns;
}

function sweepOrder(columns: number[][], neighbours: readonly number[][], toRight: boolean): void {
  const place = new Map<number, number>();
  const remember = (column: readonly number[]) => column.forEach((node, i) => place.set(node, i / Math.max(1, column.length)));
  columns.forEach(remember);
  for (let i = 0; i < columns.length; i++) {
    const column = columns[toRight ? i : columns.length - 1 - i]!;
    const wish = new Map(column.map((node) => {
      const near = neighbours[node]!;
      return [node, near.length === 0 ? place.get(node)! : near.reduce((sum, other) => sum + place.get(other)!, 0) / near.length];
    }));
    column.sort((a, b) => wish.get(a)! - wish.get(b)! || place.get(a)! - place.get(b)!);
    remember(column);
  }
}

function heights(
  columns: readonly number[][], left: readonly number[][], right: readonly number[][], heightOf: (node: number) => number, gap: number,
): Float64Array {
  const centre = new Float64Array(left.length);
  for (const column of columns) {
    let at = 0;
    for (const node of column) {
      centre[node] = at + heightOf(node) / 2;
      at += heightOf(node) + gap;
    }
    // Columns share a middle line to begin with.
    for (const node of column) centre[node]! -= (at - gap) / 2;
  }
  for (let sweep = 0; sweep < 2 * sweeps; sweep++) {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[sweep % 2 === 0 ? i : columns.length - 1 - i]!;
      const wishes = column.map((node) => {
        const sides = sweep >= 2 * sweeps - 2 ? [...left[node]!, ...right[node]!] : sweep % 2 === 0 ? left[node]! : right[node]!;
        return sides.length === 0 ? centre[node]! : sides.reduce((sum, other) => sum + centre[other]!, 0) / sides.length;
      });
      settle(column, wishes, heightOf, gap, centre);
    }
  }
  return centre;
}

/** The places nearest to the wishes that keep order and gaps: neighbours that press on each other move as one block. */
function settle(column: readonly number[], wishes: readonly number[], heightOf: (node: number) => number, gap: number, centre: Float64Array): void {
  const offsets: number[] = [];
  let offset = 0;
  column.forEach((node, i) => {
    if (i > 0) offset += heightOf(column[i - 1]!) / 2 + gap + heightOf(node) / 2;
    offsets.push(offset);
  });
  const blocks: { sum: number; count: number }[] = [];
  for (let i = 0; i < column.length; i++) {
    blocks.push({ sum: wishes[i]! - offsets[i]!, count: 1 });
    for (;;) {
      const [before, last] = [blocks.at(-2), blocks.at(-1)!];
      if (!before || before.sum / before.count <= last.sum / last.count) break;
      blocks.pop();
      before.sum += last.sum;
      before.count += last.count;
    }
  }
  let i = 0;
  for (const { sum, count } of blocks) {
    for (let n = 0; n < count; n++, i++) centre[column[i]!] = sum / count + offsets[i]!;
  }
}
