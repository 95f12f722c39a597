import type { ArtifactDetail, DecisionInfo } from '../api/types';

export interface WaitingPromotion {
  alias: string;
  to: string;
  who: string | null;
  why: string | null;
  at: number;
  /** "2 approvals of ann, bob". */
  wants: string;
}

/**
 * Refused promotions that lacked nothing but approvals, the newest of each alias: where a later word of the gate, a move
 * or a change of the gate followed, nobody waits any more.
 */
export function waitingPromotions(detail: ArtifactDetail, decisions: readonly DecisionInfo[]): WaitingPromotion[] {
  const seen = new Set<string>();
  const found: WaitingPromotion[] = [];
  for (const { alias, to, outcome, verdict, who, why, at } of decisions) {
    if (seen.has(alias)) continue;
    seen.add(alias);
    const unmet = verdict?.conditions.filter(({ passed }) => !passed) ?? [];
    if (outcome !== 'refused' || !to || unmet.length === 0 || unmet.some(({ kind }) => kind !== 'approval')) continue;
    if (detail.artifact.aliases[alias] === to || !detail.versions.some(({ version }) => version === to)) continue;
    found.push({ alias, to, who: who ?? null, why: why ?? null, at, wants: unmet.map(({ text }) => text).join(' and ') });
  }
  return found;
}
