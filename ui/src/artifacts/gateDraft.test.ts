import { expect, test } from 'vitest';
import type { GateInfo } from '../api/types';
import { asksForSomething, draftOf, knownChecks, requestOf } from './gateDraft';

const gate: GateInfo = { experimentId: '1', experimentName: 'e', name: 'm', alias: 'prod', when: 'metrics.a < 1', checks: ['drift'], approvals: 1, approvers: ['ann'], data: null, stage: 'Production', setAt: 1 };

test('a gate that is opened and saved again asks for the same', () => {
  expect(requestOf(draftOf(gate, 'prod'))).toEqual({ when: 'metrics.a < 1', checks: ['drift'], approvals: 1, approvers: ['ann'], data: null, stage: null });
  expect(requestOf(draftOf({ ...gate, stage: null }, 'prod')).stage).toBe('none');
  expect(requestOf(draftOf({ ...gate, alias: 'best', stage: null }, 'best')).stage).toBe(null);
  expect(requestOf(draftOf({ ...gate, alias: 'best', stage: 'Staging' }, 'best')).stage).toBe('Staging');
});

test('a draft of nothing asks for nothing, and half a number is told by the server', () => {
  const empty = draftOf(undefined, undefined);
  expect(asksForSomething(empty)).toBe(false);
  expect(asksForSomething({ ...empty, approvals: '1' })).toBe(true);
  expect(requestOf({ ...empty, approvals: '1.5' }).approvals).toBe(-1);
});

test('checks are known by what runs reported', () => {
  expect(knownChecks(['loss', 'checks.schema', 'checks.drift', 'checks.drift'])).toEqual(['drift', 'schema']);
});
