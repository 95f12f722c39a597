import { expect, test } from 'vitest';
import type { LineageUse, RunDetail, VersionDetail } from '../api/types';
import { judges, ownMetrics } from './versionMetrics';

const use = (version: string, usedAs: string | null = null, name = 'model'): LineageUse => ({ version: { experimentId: '1', name, version } as LineageUse['version'], at: 0, usedAs });
const run = (inputs: LineageUse[], outputs: LineageUse[] = []): Pick<RunDetail, 'inputs' | 'outputs' | 'metrics'> => ({
  inputs, outputs, metrics: [['auc', 0.8], ['prod/auc', 0.7], ['production', 5]].map(([key, value]) => ({ key: key as string, value: value as number, step: 0, time: 0 })),
});
const of = (version: string, ...rest: Parameters<typeof run>) => Object.fromEntries(ownMetrics(run(...rest), { experimentId: '1', name: 'model', version }));

test('a run that used one version, or logged it, speaks of it alone', () => {
  expect(of('v1', [use('v1', 'model:latest'), use('v3', null, 'data')])).toHaveProperty('auc', 0.8);
  expect(of('v1', [], [use('v1')])).toHaveProperty('auc', 0.8);
});

test('of a run that judged two, the plain metrics are of the one and those named after the alias of the other', () => {
  const both = [use('v1', 'model:latest'), use('v0', 'model:prod')];
  expect(of('v1', both)).toEqual({ auc: 0.8, production: 5 });
  expect(of('v0', both)).toEqual({ auc: 0.7 });
});

test('where it cannot be said whose they are, none are told', () => {
  expect(of('v1', [use('v1', 'model:v1'), use('v0', 'model:v0')])).toEqual({});
  expect(of('v0', [use('v0')], [use('v1')])).toEqual({});
  expect(of('v1', [], [use('v1'), use('v2')])).toEqual({});
});

test('runs that judged both versions are asked first, those that failed never', () => {
  const detail = (used: [string, number, string?][]) => ({ loggedBy: [{ id: 'maker' }], usedBy: used.map(([id, startedAt, status = 'finished']) => ({ id, startedAt, status })) }) as unknown as VersionDetail;
  expect(judges(detail([['old', 1], ['both', 2], ['new', 3], ['broken', 4, 'failed']]), detail([['both', 2]]))).toEqual(['both', 'new', 'old', 'maker']);
  expect(judges(detail([['old', 1], ['new', 3]]))).toEqual(['new', 'old', 'maker']);
});
