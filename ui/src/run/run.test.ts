import { expect, test } from 'vitest';
import { paramTree } from './paramTree';
import { splitTags } from './tags';

test('dotted parameters stand as a tree, lone groups in one row', () => {
  const rows = paramTree({ 'model.rf.depth': 4, lr: 0.1, 'model.rf.trees': 100, 'data.years': '2012', 'b.10': 1, 'b.9': 2 });
  expect(rows.map((r) => `${'  '.repeat(r.depth)}${r.name}${'value' in r ? `=${JSON.stringify(r.value)}` : ''}`)).toEqual([
    'b', '  9=2', '  10=1', 'data.years="2012"', 'lr=0.1', 'model.rf', '  depth=4', '  trees=100',
  ]);
  expect(rows[1]!.key).toBe('b.9');
});

test('a parameter may be a value and a group at once', () => {
  expect(paramTree({ a: 1, 'a.b': null }).map((r) => [r.key, r.depth, r.value])).toEqual([['a', 0, 1], ['a.b', 1, null]]);
});

test('keys with odd names neither vanish nor reach the prototype', () => {
  expect(paramTree({ __proto__x: 1, constructor: 2, '': 3, 'a..b': 4 }).map((r) => r.key).sort()).toEqual(['', '__proto__x', 'a..b', 'constructor']);
  expect(splitTags({ constructor: 'x' }).tags).toEqual([['constructor', 'x']]);
});

test('tags of clients become facts, the rest stays as tags', () => {
  expect(splitTags({ 'mlflow.source.git.commit': 'abc', 'mlflow.user': 'ada', team: 'weather', 'mlflow.note.content': 'hello' })).toEqual({
    note: 'hello', source: { commit: 'abc' }, tags: [['team', 'weather']],
  });
});

test('what the runner keeps of steps is left to the page of the pipeline', () => {
  expect(splitTags({ 'cairn.steps.train': 'succeeded|x', 'cairn.pipeline.graph': '{}', 'cairn.step.name': 'train', 'cairn.steppe': 'grass' }).tags).toEqual([['cairn.steppe', 'grass']]);
});
