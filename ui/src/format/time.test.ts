import { describe, expect, test } from 'vitest';
import { duration, exactTime, relativeTime } from './time';

const now = new Date(2026, 5, 15, 12, 0, 0).getTime();
const minute = 60_000;

describe('relative time', () => {
  test.each([
    [0, 'now'],
    [4_999, 'now'],
    [12_000, '12 s ago'],
    [59_999, '59 s ago'],
    [5 * minute, '5 min ago'],
    [3 * 60 * minute + 10, '3 h ago'],
    [30 * 60 * minute, 'yesterday'],
    [6 * 24 * 60 * minute, '6 days ago'],
  ])('%i ms ago reads "%s"', (ago, text) => expect(relativeTime(now - ago, now)).toBe(text));

  test('falls back to the date, with the year only where it differs', () => {
    expect(relativeTime(new Date(2026, 2, 3).getTime(), now)).toBe('3 Mar');
    expect(relativeTime(new Date(2024, 11, 31).getTime(), now)).toBe('31 Dec 2024');
  });

  test('a clock a few seconds ahead of ours still reads "now", a far future is told exactly', () => {
    expect(relativeTime(now + 3_000, now)).toBe('now');
    expect(relativeTime(now + 10 * minute, now)).toBe(exactTime(now + 10 * minute));
  });
});

test('exact time names day, second and zone', () => {
  expect(exactTime(new Date(2026, 0, 5, 4, 3, 2).getTime())).toMatch(/^2026-01-05 04:03:02 [+-]\d\d:\d\d$/);
});

test.each([
  [0, '0 ms'],
  [340, '340 ms'],
  [4_260, '4.2 s'],
  [9_999, '9.9 s'],
  [59_999, '59 s'],
  [65_000, '1 min 5 s'],
  [120_000, '2 min'],
  [2 * 3_600_000 + 3 * minute, '2 h 3 min'],
  [28 * 3_600_000, '1 d 4 h'],
  [-5, '0 s'],
])('a duration of %i ms reads "%s"', (ms, text) => expect(duration(ms)).toBe(text));
