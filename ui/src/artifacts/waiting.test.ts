import { expect, test } from 'vitest';
import type { ArtifactDetail, DecisionInfo } from '../api/types';
import { waitingPromotions } from './waiting';

const detail = { artifact: { aliases: { prod: 'v0' } }, versions: [{ version: 'v1' }, { version: 'v0' }] } as unknown as ArtifactDetail;
const refused = (kinds: string[], more: Partial<DecisionInfo> = {}): DecisionInfo => ({
  alias: 'prod', to: 'v1', outcome: 'refused', at: 5, who: 'ann',
  verdict: { passed: false, candidate: { version: 'v1', metrics: {}, data: [] }, conditions: kinds.map((kind) => ({ kind, text: '1 approval', passed: false, detail: '' })) }, ...more,
});

test('a refusal for want of approvals alone waits for them', () => {
  expect(waitingPromotions(detail, [refused(['approval'])])).toEqual([{ alias: 'prod', to: 'v1', who: 'ann', why: null, at: 5, wants: '1 approval' }]);
  expect(waitingPromotions(detail, [refused(['when', 'approval'])])).toEqual([]);
});

test('what happened later counts', () => {
  expect(waitingPromotions(detail, [refused([], { outcome: 'accepted' }), refused(['approval'])])).toEqual([]);
  expect(waitingPromotions(detail, [refused(['approval'], { to: 'v9' })])).toEqual([]);
  expect(waitingPromotions(detail, [refused(['approval'], { to: 'v0' })])).toEqual([]);
});
