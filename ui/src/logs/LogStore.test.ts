import { expect, test } from 'vitest';
import type { LogLine } from '../api/types';
import { LogStore } from './LogStore';

/** A server with log lines, which counts what it is asked. */
function server(texts: Map<number, string>) {
  const asked: [number, number][] = [];
  const fetch = (after: number, limit: number) => {
    asked.push([after, limit]);
    const lines = [...texts].filter(([n]) => n > after).sort(([a], [b]) => a - b).slice(0, limit)
      .map(([line, text]): LogLine => ({ line, text, stream: 'stdout', time: line }));
    return Promise.resolve({ lines, total: Math.max(-1, ...texts.keys()) + 1 });
  };
  return { fetch, asked };
}

const numbered = (n: number) => new Map(Array.from({ length: n }, (_, i) => [i, `line ${i}`]));

test('only the blocks that are looked at are fetched, and each once', async () => {
  const { fetch, asked } = server(numbered(5000));
  const store = new LogStore(fetch, 5000);
  expect(store.line(2500)).toBeUndefined();
  await Promise.all([store.ensure(2400, 2600), store.ensure(2500, 2501)]);
  await store.ensure(2000, 2999);
  expect(asked).toEqual([[1999, 1000]]);
  expect(store.line(2500)?.text).toBe('line 2500');
});

test('a number without a line is told from one that is not here yet', async () => {
  const { fetch } = server(new Map([[0, 'a'], [5, 'b'], [1500, 'c']]));
  const store = new LogStore(fetch, 1501);
  await store.ensure(0, 10);
  expect(store.line(3)).toBeNull();
  expect(store.line(5)?.text).toBe('b');
  expect(store.line(1500)).toBeUndefined();
});

test('a refresh brings new lines and rewritten ones', async () => {
  const texts = numbered(3);
  const { fetch } = server(texts);
  const store = new LogStore(fetch, 3);
  await store.ensure(0, 2);
  texts.set(2, 'rewritten').set(3, 'new');
  await store.refresh();
  expect(store.snapshot().total).toBe(4);
  expect([store.line(2)?.text, store.line(3)?.text]).toEqual(['rewritten', 'new']);
});

test('a search reads the whole log and tells what it finds on the way', async () => {
  const { fetch } = server(numbered(2500));
  const store = new LogStore(fetch, 2500);
  const found: number[][] = [];
  const progress: number[] = [];
  await store.search((text) => text.endsWith('77'), (lines, done) => { found.push(lines); progress.push(done); }, new AbortController().signal);
  expect(found.map((lines) => lines.length)).toEqual([10, 10, 5]);
  expect(found[1]![0]).toBe(1077);
  expect(progress.at(-1)).toBe(1);
});

test('a failed fetch is told and the next one tries again', async () => {
  let fail = true;
  const good = server(numbered(2));
  const store = new LogStore((a, l) => (fail ? Promise.reject(new Error('away')) : good.fetch(a, l)), 2);
  await store.ensure(0, 1);
  expect(store.snapshot().error?.message).toBe('away');
  fail = false;
  await store.ensure(0, 1);
  expect(store.snapshot().error).toBeNull();
  expect(store.line(1)?.text).toBe('line 1');
});
