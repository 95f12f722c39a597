import { expect, test } from 'vitest';
import { rank } from './rank';

const names = ['a train run', 'constrain', 'nothing', 'train', 't-r-a-i-n', 'T_RAIN'];

test('the best fit comes first, and what lacks a letter is left out', () => {
  expect(rank(names, 'train', (name) => name)).toEqual(['train', 'a train run', 'constrain', 'T_RAIN', 't-r-a-i-n']);
  expect(rank(['s-something-very-long-w'], 'sw', (name) => name)).toEqual([]);
  expect(rank(names, 'xyz', (name) => name)).toEqual([]);
  expect(rank(names, '', (name) => name)).toEqual(names);
});
