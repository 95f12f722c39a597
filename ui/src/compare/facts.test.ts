import { expect, test } from 'vitest';
import type { RunDetail } from '../api/types';
import { runsOf } from './compareSearch';
import { metricRows, orderBy, paramRows, runRows, sourceFile, sources } from './facts';

const detail = (id: string, params: RunDetail['params'], metrics: Record<string, number>, tags: Record<string, string> = {}, summary: RunDetail['summary'] = {}): RunDetail => ({
  run: { id, experimentId: '1', experimentName: 'e', name: id, status: 'finished', state: 'active', startedAt: 0, endedAt: 1000 },
  params, tags, metrics: Object.entries(metrics).map(([key, value]) => ({ key, value, step: 0, time: 0 })), summary, inputs: [], outputs: [], media: [], children: [], logLines: 0, stopRequested: false,
});

test('rows say what each run has and whether it differs', () => {
  expect(paramRows([detail('a', { lr: 0.1, depth: 3 }, {}), detail('b', { lr: 0.2, depth: 3, extra: [1] }, {})])).toEqual([
    { key: 'depth', values: ['3', '3'], differs: false },
    { key: 'extra', values: [null, '[1]'], differs: true },
    { key: 'lr', values: ['0.1', '0.2'], differs: true },
  ]);
});

test('of metrics, the least and the greatest are known, and a summary stands in for the last value', () => {
  const [loss] = metricRows([detail('a', {}, { loss: 3 }), detail('b', {}, { loss: 9 }, {}, { loss: 1 }), detail('c', {}, { loss: NaN })]);
  expect(loss).toMatchObject({ key: 'loss', values: ['3', '1', 'NaN'], least: 1, greatest: 0, numbers: [3, 1, null] });
});

test('facts that no run has are left out', () => {
  const keys = runRows([detail('a', {}, {}, { 'mlflow.source.git.commit': 'abc' }), detail('b', {}, {})]).map(({ key }) => key);
  expect(keys).toContain('Commit');
  expect(keys).not.toContain('Branch');
});

test('the file of either client is found, and runs in the address are each once', () => {
  const file = (path: string) => ({ path, size: 1, digest: 'd', updatedAt: 0 });
  expect(sourceFile([file('requirements.txt'), file('x')], sources[1]!.paths)?.path).toBe('requirements.txt');
  expect(sourceFile([], sources[0]!.paths)).toBeUndefined();
  expect(runsOf('a,b,,a')).toEqual(['a', 'b']);
});

test('columns are put in the order of a row: greatest first, then the other way; what has no value stands last', () => {
  const row = (values: (string | null)[], numbers?: (number | null)[]) => ({ key: 'k', values, differs: true, ...(numbers ? { numbers } : {}) });
  expect(orderBy(row(['0.1', null, '0.30', '0.2']))).toEqual([2, 3, 0, 1]);
  expect(orderBy(row(['0.3', '0.2', '0.1', null]))).toEqual([2, 1, 0, 3]);
  expect(orderBy(row(['1e-5', '2', '10']))).toEqual([2, 1, 0]);
  expect(orderBy(row(['x', 'x'], [0.5, 0.75]))).toEqual([1, 0]);
  expect(orderBy(row(['sgd', 'adam', 'lion']))).toEqual([0, 2, 1]);
});
