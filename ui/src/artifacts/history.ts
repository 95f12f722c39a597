// The moves of aliases and the decisions about them are kept apart by the server; a reader wants one story.
import type { AliasChange, DecisionInfo, VerdictInfo } from '../api/types';

export interface HistoryEntry {
  change: AliasChange;
  /** "refused", "rolled_back" …; null where no decision was recorded. */
  outcome: string | null;
  verdict: VerdictInfo | null;
}

/** Newest first. A decision and the move that it made are one entry. */
export function historyOf(moves: readonly AliasChange[], decisions: readonly DecisionInfo[]): HistoryEntry[] {
  const left = [...decisions];
  const entries: HistoryEntry[] = moves.map((change) => {
    const at = left.findIndex((one) => one.outcome !== 'refused' && one.alias === change.alias && one.at === change.at && (one.to ?? null) === (change.to ?? null));
    const decision = at < 0 ? null : left.splice(at, 1)[0]!;
    return { change, outcome: decision?.outcome ?? null, verdict: decision?.verdict ?? null };
  });
  for (const { alias, from, to, who, why, runId, at, outcome, verdict } of left) {
    entries.push({ change: { alias, from: from ?? null, to: to ?? null, who: who ?? null, why: why ?? null, runId: runId ?? null, at }, outcome, verdict: verdict ?? null });
  }
  return entries.sort((a, b) => b.change.at - a.change.at);
}

/**
 * The version that a rollback of the alias leads to. Holders form a stack: a move puts one on top, a rollback takes down to
 * where it went. Versions that were deleted are passed over.
 */
export function holderBefore(entries: readonly HistoryEntry[], alias: string, current: string | undefined, exists: (version: string) => boolean): string | undefined {
  const stack: string[] = [];
  for (const { change, outcome } of [...entries].reverse()) {
    if (change.alias !== alias || outcome === 'refused' || outcome === 'gate_set' || outcome === 'gate_removed' || !change.to) continue;
    const at = outcome === 'rolled_back' ? stack.lastIndexOf(change.to) : -1;
    if (at >= 0) stack.length = at;
    stack.push(change.to);
  }
  return stack.reverse().find((version) => version !== current && exists(version));
}
