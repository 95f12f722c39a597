import { expect, test } from 'vitest';
import { lineDiff, withContext } from './lineDiff';
import { parsePatch } from './patch';

const told = (before: string, after: string) => lineDiff(before, after).map(({ kind, text }) => `${kind === 'same' ? ' ' : kind === 'added' ? '+' : '-'}${text}`);

test('lines that stay, go and come', () => {
  expect(told('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([' a', '-b', '+x', ' c', '+d']);
  expect(told('', 'a')).toEqual(['+a']);
  expect(told('a', '')).toEqual(['-a']);
  expect(told('a\nb', 'a\nb')).toEqual([' a', ' b']);
  expect(told('a\r\nb\r\n', 'a\nb\n')).toEqual([' a', ' b']);
});

test('line numbers count on their own side', () => {
  expect(lineDiff('a\nb\nc', 'a\nc').map(({ before, after }) => [before, after])).toEqual([[1, 1], [2, null], [3, 2]]);
});

test('whatever the texts: the kept and removed lines are the one, the kept and added ones the other, and the script is shortest', () => {
  let state = 11;
  const random = (n: number) => (state = (state * 1103515245 + 12345) & 0x7fffffff) % n;
  const text = () => Array.from({ length: random(14) }, () => 'abc'[random(3)]);
  for (let round = 0; round < 500; round++) {
    const [a, b] = [text(), text()];
    const lines = lineDiff(a.join('\n'), b.join('\n'));
    expect(lines.filter((l) => l.kind !== 'added').map((l) => l.text)).toEqual(a);
    expect(lines.filter((l) => l.kind !== 'removed').map((l) => l.text)).toEqual(b);
    expect(lines.filter((l) => l.kind === 'same').length).toBe(longestCommon(a as string[], b as string[]));
  }
});

function longestCommon(a: string[], b: string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++) for (let j = 1; j <= b.length; j++) table[i]![j] = a[i - 1] === b[j - 1] ? table[i - 1]![j - 1]! + 1 : Math.max(table[i - 1]![j]!, table[i]![j - 1]!);
  return table[a.length]![b.length]!;
}

test('texts that have nothing in common are not compared for ever', () => {
  const many = (letter: string) => Array.from({ length: 20_000 }, (_, i) => `${letter}${i}`).join('\n');
  expect(lineDiff(many('a'), many('b'))).toHaveLength(40_000);
});

test('what is far from a change is left out', () => {
  const shown = withContext(lineDiff(Array.from({ length: 50 }, (_, i) => i).join('\n'), Array.from({ length: 50 }, (_, i) => (i === 25 ? 'x' : i)).join('\n')), 2);
  expect(shown.map((line) => line?.text ?? '…')).toEqual(['…', '23', '24', '25', 'x', '26', '27', '…']);
});

test('a patch of git gives its files with what was added and removed', () => {
  const files = parsePatch([
    'diff --git a/train.py b/train.py', 'index 1..2 100644', '--- a/train.py', '+++ b/train.py', '@@ -1,2 +1,2 @@ def main', ' import x', '-lr = 1', '+lr = 2', '--- not a header', '\\ No newline at end of file',
    'diff --git a/new file.txt b/new file.txt', 'new file mode 100644', '--- /dev/null', '+++ b/new file.txt', '@@ -0,0 +1 @@', '+hello', '',
  ].join('\n'));
  expect(files.map(({ name, added, removed }) => [name, added, removed])).toEqual([['train.py', 1, 2], ['new file.txt', 1, 0]]);
  expect(files[0]!.lines.map(({ kind }) => kind)).toEqual(['note', 'hunk', 'same', 'removed', 'added', 'removed', 'note']);
  expect(parsePatch('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n').map((f) => f.name)).toEqual(['x']);
  expect(parsePatch('')).toEqual([]);
});
