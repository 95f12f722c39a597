import { expect, test } from 'vitest';
import { colorCount, RunColors } from './runColors';
import { readSelection, showNone, showOnly, toggleSelected, toggleShown, withSelected } from './selection';

test('every run is shown until it is hidden, and comes back', () => {
  expect(readSelection({}).isShown('a')).toBe(true);
  const hidden = toggleShown({}, 'a');
  expect(hidden).toEqual({ hide: 'a', show: undefined });
  expect(readSelection(hidden).isShown('a')).toBe(false);
  expect(readSelection(hidden).isShown('b')).toBe(true);
  expect(toggleShown(hidden, 'a')).toEqual({ hide: undefined, show: undefined });
});

test('where nothing is shown, runs are shown one by one, and the last one hidden hides all', () => {
  const one = toggleShown(showNone, 'a');
  expect(one).toEqual({ show: 'a', hide: undefined });
  expect(readSelection(one).isShown('b')).toBe(false);
  expect(toggleShown(one, 'a')).toEqual(showNone);
  expect(showOnly([])).toEqual(showNone);
});

test('runs are chosen in the order in which they were', () => {
  const two = toggleSelected(toggleSelected({}, 'b'), 'a');
  expect(readSelection(two).selected).toEqual(['b', 'a']);
  expect(readSelection(toggleSelected(two, 'b')).selected).toEqual(['a']);
  expect(withSelected([])).toEqual({ sel: undefined });
});

test('all that are found can be chosen, and then one again', () => {
  const all = readSelection({ sel: 'all' });
  expect([all.all, all.selected, all.isSelected('any')]).toEqual([true, [], true]);
  expect(toggleSelected({ sel: 'all' }, 'a')).toEqual({ sel: 'a' });
  expect(withSelected(Array.from({ length: 500 }, (_, i) => `${i}`)).sel!.split(',').length).toBe(200);
});

test('as many runs as there are colours all differ, and a run keeps its colour', () => {
  const colors = new RunColors();
  const ids = Array.from({ length: colorCount }, (_, i) => `run${i * 31}`);
  expect(new Set(ids.map(colors.slot)).size).toBe(colorCount);
  const before = ids.map(colors.slot);
  for (let i = 0; i < 1000; i++) colors.slot(`other${i}`);
  expect(ids.map(colors.slot)).toEqual(before);
});

test('a chosen colour is told and kept, until it is taken back', () => {
  let kept: unknown;
  let told = 0;
  const colors = new RunColors([], (chosen) => (kept = chosen));
  colors.subscribe(() => told++);
  const own = colors.slot('a');
  colors.choose('a', (own + 1) % colorCount);
  expect(colors.css('a')).toBe(`var(--run-${(own + 1) % colorCount})`);
  expect(kept).toEqual([['a', (own + 1) % colorCount]]);
  colors.choose('a', null);
  expect(colors.slot('a')).toBe(own);
  expect(told).toBe(2);
});
