// The difference of two texts, line by line: the shortest script of kept, removed and added lines (Myers' way, going
// forward with a trace), after what both have in common at their ends is set aside.

export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** Line numbers from 1; null on the side that lacks the line. */
  before: number | null;
  after: number | null;
}

/** More changed lines than these are not matched to each other: everything between is removed and added. */
const mostChanges = 3_000;

export function lineDiff(before: string, after: string): DiffLine[] {
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const lines: DiffLine[] = [];
  for (let i = 0; i < head; i++) lines.push({ kind: 'same', text: a[i]!, before: i + 1, after: i + 1 });
  let x = head;
  let y = head;
  for (const step of script(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) {
    if (step === 'same') lines.push({ kind: 'same', text: a[x]!, before: ++x, after: ++y });
    else if (step === 'removed') lines.push({ kind: 'removed', text: a[x]!, before: ++x, after: null });
    else lines.push({ kind: 'added', text: b[y]!, before: null, after: ++y });
  }
  for (; x < a.length; ) lines.push({ kind: 'same', text: a[x]!, before: ++x, after: ++y });
  return lines;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function script(a: readonly string[], b: readonly string[]): DiffLine['kind'][] {
  const trace: Int32Array[] = [];
  const size = Math.min(a.length + b.length, mostChanges);
  const reach = new Int32Array(2 * size + 3);
  const middle = size + 1;
  for (let changes = 0; changes <= size; changes++) {
    trace.push(reach.slice(middle - changes, middle + changes + 1));
    for (let k = -changes; k <= changes; k += 2) {
      const down = k === -changes || (k !== changes && reach[middle + k - 1]! < reach[middle + k + 1]!);
      let x = down ? reach[middle + k + 1]! : reach[middle + k - 1]! + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      reach[middle + k] = x;
      if (x >= a.length && y >= b.length) return backwards(trace, a.length, b.length);
    }
  }
  return [...a.map(() => 'removed' as const), ...b.map(() => 'added' as const)];
}

function backwards(trace: readonly Int32Array[], endX: number, endY: number): DiffLine['kind'][] {
  const steps: DiffLine['kind'][] = [];
  let x = endX;
  let y = endY;
  for (let changes = trace.length - 1; changes > 0; changes--) {
    const reach = trace[changes]!;
    const at = (k: number) => reach[k + changes] ?? -1;
    const k = x - y;
    const down = k === -changes || (k !== changes && at(k - 1) < at(k + 1));
    const before = down ? k + 1 : k - 1;
    const fromX = at(before);
    const fromY = fromX - before;
    while (x > fromX && y > fromY && x > 0 && y > 0 && !(down ? x === fromX && y === fromY + 1 : x === fromX + 1 && y === fromY)) {
      steps.push('same');
      x--;
      y--;
    }
    steps.push(down ? 'added' : 'removed');
    x = fromX;
    y = fromY;
  }
  for (; x > 0; x--) steps.push('same');
  return steps.reverse();
}

/** The changed lines with a few around them; `null` stands for what was left out. */
export function withContext(lines: readonly DiffLine[], context = 3): (DiffLine | null)[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, i) => {
    if (kind === 'same') return;
    for (let at = Math.max(0, i - context); at <= Math.min(lines.length - 1, i + context); at++) near[at] = 1;
  });
  const shown: (DiffLine | null)[] = [];
  lines.forEach((line, i) => {
    if (near[i] === 1) shown.push(line);
    else if (shown.at(-1) !== null || shown.length === 0) shown.push(null);
  });
  return shown;
}
