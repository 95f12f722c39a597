import { expect, test } from 'vitest';
import type { RunInfo, RunStatus } from '../api/types';
import { countStates, edgesOf, readSteps, statesInTags } from './steps';

function run(id: string, status: RunStatus, jobType: string, startedAt = 0): RunInfo {
  return { id, experimentId: '1', experimentName: 'e', name: id, status, state: 'active', startedAt, jobType };
}

const graph = { 'cairn.pipeline.graph': '{"clean":[],"train":["clean"],"evaluate":["train","clean"]}' };
const states = (detail: Parameters<typeof readSteps>[0]) => Object.fromEntries(readSteps(detail).map(({ name, state }) => [name, state]));

test('steps that are over are as the runner told, the others as their runs are, or waiting', () => {
  const tags = { ...graph, 'cairn.steps.clean': 'cached|old|0|nothing changed | really' };
  const children = [run('t1', 'failed', 'train', 1), run('t2', 'running', 'train', 2)];
  const steps = readSteps({ run: run('p', 'running', 'weather'), tags, children });
  expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['clean cached', 'train running', 'evaluate waiting']);
  expect(steps[0]).toMatchObject({ runId: 'old', reason: 'nothing changed | really', took: 0 });
  expect(steps[1]!.tries.map(({ id }) => id)).toEqual(['t1', 't2']);
});

test('a step that runs again is running, whatever was told of it before', () => {
  const tags = { ...graph, 'cairn.steps.train': 'failed|t1|900|exit code 1' };
  expect(states({ run: run('p', 'running', 'w'), tags, children: [run('t1', 'failed', 'train', 1), run('t2', 'running', 'train', 2)] })['train']).toBe('running');
});

test('when the pipeline is over, what never began was left out', () => {
  expect(states({ run: run('p', 'failed', 'w'), tags: { ...graph, 'cairn.steps.clean': 'failed|c|10|boom' }, children: [] })).toEqual({ clean: 'failed', train: 'skipped', evaluate: 'skipped' });
});

test('a step that became several is drawn as these', () => {
  const tags = { ...graph, 'cairn.steps.train.0': 'succeeded|a|5|', 'cairn.steps.train.1': 'failed|b|5|x' };
  const steps = readSteps({ run: run('p', 'failed', 'w'), tags, children: [] });
  expect(steps.map(({ name }) => name)).toEqual(['clean', 'evaluate', 'train[0]', 'train[1]']);
  const named = edgesOf(steps).map(({ from, to }) => `${steps[from]!.name}→${steps[to]!.name}`);
  expect(named.sort()).toEqual(['clean→evaluate', 'clean→train[0]', 'clean→train[1]', 'train[0]→evaluate', 'train[1]→evaluate']);
});

test('runs without a graph show the steps that were told of', () => {
  const steps = readSteps({ run: run('p', 'finished', 'w'), tags: { 'cairn.steps.a': 'succeeded|x|5|', 'cairn.pipeline.graph': 'no json' }, children: [run('y', 'finished', 'b')] });
  expect(steps.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('states are counted, the worst first', () => {
  expect(countStates(statesInTags({ 'cairn.steps.a': 'succeeded|x|5|', 'cairn.steps.b': 'failed|x|5|', 'cairn.steps.c': 'succeeded||1|', other: 'failed|' }))).toEqual([
    { state: 'failed', count: 1 }, { state: 'succeeded', count: 2 },
  ]);
});
