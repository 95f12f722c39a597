// A gate while it is being written.
import type { GateInfo, SetGateRequest } from '../api/types';

export interface GateDraft {
  alias: string;
  when: string;
  checks: readonly string[];
  approvals: string;
  approvers: readonly string[];
  data: string;
  /** Empty: as the alias says. */
  stage: string;
}

export function draftOf(gate: GateInfo | undefined, alias: string | undefined): GateDraft {
  if (!gate) return { alias: alias ?? '', when: '', checks: [], approvals: '0', approvers: [], data: '', stage: '' };
  // A stage is written down where the alias alone would not say it.
  const stage = gate.stage ?? 'none';
  return {
    alias: gate.alias, when: gate.when ?? '', checks: gate.checks, approvals: String(gate.approvals), approvers: gate.approvers, data: gate.data ?? '',
    stage: stage === usualStage(gate.alias) ? '' : stage,
  };
}

/** The stage of MLflow's registry that stands behind the gate of an alias unless somebody says otherwise. */
export function usualStage(alias: string): string {
  const name = alias.toLowerCase();
  return name === 'prod' || name === 'production' ? 'Production' : name === 'staging' ? 'Staging' : 'none';
}

export function requestOf(draft: GateDraft): SetGateRequest {
  const approvals = Number(draft.approvals.trim() || '0');
  return {
    when: draft.when.trim() || null, checks: [...draft.checks], approvals: Number.isInteger(approvals) ? approvals : -1, approvers: [...draft.approvers],
    data: draft.data.trim() || null, stage: draft.stage || null,
  };
}

/** It asks for something, so that it can be tried. */
export const asksForSomething = ({ when, checks, approvals, approvers }: GateDraft): boolean =>
  when.trim() !== '' || checks.length > 0 || approvers.length > 0 || Number(approvals) > 0;

/** Names of checks that runs reported: `checks.NAME` among tags and metrics. */
export const knownChecks = (keys: readonly string[]): string[] =>
  [...new Set(keys.filter((key) => key.startsWith('checks.')).map((key) => key.slice('checks.'.length)))].sort();
