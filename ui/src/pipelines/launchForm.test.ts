import { expect, test } from 'vitest';
import type { Json, PipelineInfo, RunRow } from '../api/types';
import { changes, command, targets } from './launchForm';

const row = (startedAt: number, params: Record<string, Json>, tags: Record<string, string>): RunRow => ({
  run: { id: `${startedAt}`, experimentId: '1', experimentName: 'weather', name: 'r', status: 'finished', state: 'active', startedAt }, params, tags, metrics: {},
});
const registered: PipelineInfo = {
  name: 'weather', experimentId: '1', experimentName: 'weather', source: { kind: 'git', location: 'https://host/w.git' }, changes: ['a=1'], registeredAt: 0, revision: 1,
};
const execution = (at: number, trees: number) => row(at, { 'model.trees': trees, file: 'a b.csv' }, { 'cairn.pipeline.name': 'weather', 'cairn.pipeline.file': '/src/my w/pipeline.yaml', 'cairn.pipeline.overrides': '["model.trees=200"]' });
const project = row(3, { lr: 0.1, text: "it's" }, { 'mlflow.source.name': '/code/train', 'mlflow.project.entryPoint': 'main' });

test('a pipeline that ran has the parameters of its newest run, and its registered place', () => {
  const [one, two] = targets([registered], [execution(2, 200), execution(1, 100)], [project]);
  expect(one).toMatchObject({ id: 'pipeline:weather', registered: true, source: 'https://host/w.git', lastAt: 2 });
  expect(one!.params).toEqual([{ key: 'file', value: 'a b.csv' }, { key: 'model.trees', value: 200 }]);
  expect(two).toMatchObject({ id: 'project:/code/train#main', name: 'train · main', registered: false });
  expect(targets([registered], [], [])[0]!.params).toEqual([{ key: 'a', value: '1' }]);
});

test('a pipeline that was fetched is launched from where it was fetched', () => {
  const [target] = targets([], [row(2, {}, { 'cairn.pipeline.name': 'weather', 'cairn.pipeline.file': 'pipeline.yaml', 'cairn.pipeline.source': 'https://host/w.git#pipe' })], []);
  expect(command(target!, new Map())).toBe("cairn pipeline run 'https://host/w.git#pipe'");
});

test('only what differs is a change, and what is new is added', () => {
  const [target] = targets([], [execution(2, 200)], []);
  expect(changes(target!, new Map([['model.trees', '300'], ['file', 'a b.csv'], ['depth', '4']]))).toEqual(['model.trees=300', '++depth=4']);
  expect(changes(target!, new Map([['file', 'x.csv']]))).toEqual(['model.trees=200', 'file=x.csv']);
});

test('what it was registered with is not said again, and what was added stays an addition', () => {
  const run = row(2, { a: 1, depth: 5, lr: 0.1 }, { 'cairn.pipeline.name': 'weather', 'cairn.pipeline.file': '/w/pipeline.yaml', 'cairn.pipeline.overrides': '["a=1","+depth=5","lr=0.1"]' });
  const [target] = targets([registered], [run], []);
  expect(changes(target!, new Map())).toEqual(['+depth=5', 'lr=0.1']);
  expect(changes(target!, new Map([['depth', '6']]))).toEqual(['lr=0.1', '++depth=6']);
  expect(command(target!, new Map())).toBe("cairn pipeline run https://host/w.git 'a=1' '+depth=5' 'lr=0.1'");
});

test('the command can be pasted into a shell, whatever the values hold', () => {
  const [pipeline] = targets([], [execution(2, 200)], []);
  expect(command(pipeline!, new Map([['file', 'c; rm -rf /']]))).toBe("cairn pipeline run '/src/my w' 'model.trees=200' 'file=c; rm -rf /'");
  const [run] = targets([], [], [project]);
  expect(command(run!, new Map([['lr', '0.2']]))).toBe(`cairn run /code/train -P lr=0.2 -P 'text=it'\\''s' --experiment weather`.replace('-P lr=0.2', "-P 'lr=0.2'"));
});
