import { expect, test } from 'vitest';
import { histogramOf, parseLoggedTable, plotOf } from './loggedTable';
import { frameAt, shownOf } from './shown';

test('media of both clients come together by key', () => {
  const shown = shownOf([
    { runId: 'a', media: [{ key: 'val/img', step: 5, time: 0, kind: 'image', path: 'media/5.png' }, { key: 'val/img', step: 0, time: 0, kind: 'image', path: 'media/0.png', caption: 'c' }], files: ['plots/roc.png', 'preds.json', 'other.json'] },
    { runId: 'b', media: [], files: ['images/val#img%step%7%timestamp%123%aa-bb.png', 'images/val#img%step%7%timestamp%123%aa-bb%compressed.webp'] },
  ], (id) => (id === 'a' ? { 'mlflow.loggedArtifacts': '[{"path":"preds.json","type":"table"},null]' } : { 'mlflow.loggedArtifacts': 'broken' }));
  expect(shown.map(({ key, kind, steps }) => [key, kind, steps])).toEqual([['plots/roc.png', 'image', [0]], ['preds.json', 'table', [0]], ['val/img', 'image', [0, 5, 7]]]);
  const frames = shown[2]!.frames;
  expect(frames.get('a')!.map(({ step }) => step)).toEqual([0, 5]);
  expect(frames.get('b')).toHaveLength(1);
  expect([undefined, -1, 3, 9].map((step) => frameAt(frames.get('a')!, step)!.step)).toEqual([5, 0, 0, 5]);
});

test('a table is told by its columns what it draws as', () => {
  const table = (columns: string[], data: (string | number)[][]) => plotOf(parseLoggedTable(JSON.stringify({ columns, data }))!);
  expect(table(['Actual', 'Predicted', 'nPredictions'], [['cat', 'cat', 8], ['cat', 'dog', 2], ['dog', 'dog', 5]])).toEqual({ kind: 'confusion', classes: ['cat', 'dog'], counts: [[8, 2], [0, 5]] });
  expect(table(['class', 'fpr', 'tpr'], [['a', 1, 1], ['a', 0, 0.5], ['b', 0, 1]])).toEqual({ kind: 'lines', x: 'fpr', y: 'tpr', lines: [{ name: 'a', points: [[0, 0.5], [1, 1]] }, { name: 'b', points: [[0, 1]] }] });
  expect(table(['class', 'recall', 'precision'], [['a', 1, 1]])).toMatchObject({ x: 'recall', y: 'precision' });
  expect(table(['label', 'value'], [['x', 3]])).toEqual({ kind: 'bars', bars: [{ label: 'x', value: 3 }] });
  expect(table(['v'], [[1], [2]])).toEqual({ kind: 'values', name: 'v', values: [1, 2] });
  expect(table(['a', 'b', 'c'], [[1, 2, 3]])).toBeNull();
  expect(parseLoggedTable('{"columns":1}')).toBeNull();
  expect(parseLoggedTable('nonsense')).toBeNull();
});

test('values are counted into even bars, the greatest into the last', () => {
  expect(histogramOf([0, 1, 2, 10], 5)).toEqual({ counts: [2, 1, 0, 0, 1], edges: [0, 2, 4, 6, 8, 10] });
  expect(histogramOf([3, 3], 2).counts).toEqual([2, 0]);
});
