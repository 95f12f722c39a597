// Where searched words stand in a text, and the pieces of it that are inside and outside of them.
export type Range = readonly [from: number, to: number];

export function markRanges(text: string, mark: string): Range[] {
  const lower = text.toLowerCase();
  const ranges: Range[] = [];
  for (let at = lower.indexOf(mark); at >= 0; at = lower.indexOf(mark, at + mark.length)) ranges.push([at, at + mark.length]);
  return ranges;
}

/** A piece that begins at `start` of the whole text, cut where a range begins or ends. */
export function splitAt(piece: string, start: number, ranges: readonly Range[]): { text: string; marked: boolean }[] {
  const parts: { text: string; marked: boolean }[] = [];
  let at = 0;
  const add = (to: number, marked: boolean) => {
    if (to > at) parts.push({ text: piece.slice(at, to), marked });
    at = Math.max(at, to);
  };
  for (const [from, to] of ranges) {
    add(Math.min(piece.length, Math.max(0, from - start)), false);
    add(Math.min(piece.length, Math.max(0, to - start)), true);
  }
  add(piece.length, false);
  return parts;
}
