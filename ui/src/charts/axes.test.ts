import { expect, test } from 'vitest';
import { markLabels, xLabel, yLabel } from './axes';

const steps = (marks: (number | null)[]) => markLabels(marks, (mark) => xLabel(mark, 'step'));

test('marks of a long axis are short', () => {
  expect(steps([0, 2_000_000, 4_000_000])).toEqual(['0', '2M', '4M']);
});

test('marks that would look alike are told in full', () => {
  expect(steps([8_485_924, null, 8_485_926])).toEqual(['8\u202f485\u202f924', '', '8\u202f485\u202f926']);
  expect(markLabels([-1.0000001, -1.0000002], yLabel)).toEqual(['−1.0000001', '−1.0000002']);
});
