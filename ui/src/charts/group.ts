// Lines of runs that belong together → their mean, with a band from the least to the greatest.
import { type Line, lowerBound } from './lines';

const positions = 400;

/** One line for each group. Between its points a line is read as it is drawn: straight. */
export function groupLines(lines: readonly Line[], groupOf: (id: string) => { name: string; color: string }): Line[] {
  const groups = new Map<string, { color: string; members: Line[] }>();
  for (const line of lines) {
    if (line.x.length === 0) continue;
    const { name, color } = groupOf(line.id);
    const group = groups.get(name);
    if (group) group.members.push(line);
    else groups.set(name, { color, members: [line] });
  }
  return [...groups].map(([name, { color, members }]) => meanOf(name, color, members));
}

function meanOf(name: string, color: string, members: readonly Line[]): Line {
  const x = grid(members);
  const y = new Float64Array(x.length).fill(NaN);
  const low = new Float64Array(x.length).fill(NaN);
  const high = new Float64Array(x.length).fill(NaN);
  for (let i = 0; i < x.length; i++) {
    let sum = 0;
    let count = 0;
    let least = Infinity;
    let greatest = -Infinity;
    for (const member of members) {
      const value = valueAt(member, x[i]!);
      if (!Number.isFinite(value)) continue;
      sum += value;
      count++;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    if (count === 0) continue;
    y[i] = sum / count;
    low[i] = least;
    high[i] = greatest;
  }
  return { id: name, label: `${name} (${members.length})`, color, x, y, low, high };
}

/** The points of all members where they are few, else even steps from the first to the last. */
function grid(members: readonly Line[]): Float64Array {
  const all = new Set<number>();
  let first = Infinity;
  let last = -Infinity;
  for (const { x } of members) {
    first = Math.min(first, x[0]!);
    last = Math.max(last, x[x.length - 1]!);
    if (all.size <= positions) for (const at of x) all.add(at);
  }
  if (all.size <= positions) return Float64Array.from(all).sort();
  return Float64Array.from({ length: positions + 1 }, (_, i) => first + ((last - first) * i) / positions);
}

/** NaN before the first point and after the last. */
export function valueAt({ x, y }: Line, at: number): number {
  const after = lowerBound(x, at);
  if (after === x.length) return NaN;
  if (x[after] === at) return y[after]!;
  if (after === 0) return NaN;
  const share = (at - x[after - 1]!) / (x[after]! - x[after - 1]!);
  return y[after - 1]! + (y[after]! - y[after - 1]!) * share;
}
