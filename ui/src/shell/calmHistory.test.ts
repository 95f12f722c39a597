import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { calmHistory } from './calmHistory';

let written: string[];
let history: Pick<History, 'pushState' | 'replaceState'>;
let events: Map<string, () => void>;

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  events = new Map();
  history = { replaceState: (_, __, url) => void written.push(`=${url}`), pushState: (_, __, url) => void written.push(`+${url}`) };
  calmHistory(history, { addEventListener: (name: string, act: () => void) => void events.set(name, act) } as never);
});
afterEach(() => vi.useRealTimers());

const replace = (url: string) => history.replaceState(null, '', url);

test('a few changes are written as they come', () => {
  for (let i = 0; i < 10; i++) replace(`/${i}`);
  expect(written).toEqual(Array.from({ length: 10 }, (_, i) => `=/${i}`));
});

test('a slider that is dragged for half a minute stays below what any browser takes, and its last place is written', () => {
  for (let i = 0; i < 1_800; i++) {
    replace(`/${i}`);
    vi.advanceTimersByTime(16);
  }
  vi.advanceTimersByTime(1_000);
  expect(written.length).toBeLessThan(100);
  expect(written.at(-1)).toBe('=/1799');
  written.length = 0;
  vi.advanceTimersByTime(60_000);
  for (let i = 0; i < 20; i++) replace(`/${i}`);
  expect(written.length).toBe(20);
});

test('what waits is written before one goes on, and when one leaves', () => {
  for (let i = 0; i < 60; i++) replace(`/${i}`);
  history.pushState(null, '', '/next');
  expect(written.slice(-2)).toEqual(['=/59', '+/next']);
  for (let i = 0; i < 60; i++) replace(`/again${i}`);
  events.get('pagehide')!();
  expect(written.at(-1)).toBe('=/again59');
});

test('what waits is dropped when one goes back', () => {
  for (let i = 0; i < 60; i++) replace(`/${i}`);
  const before = written.length;
  events.get('popstate')!();
  vi.advanceTimersByTime(5_000);
  expect(written.length).toBe(before);
});
