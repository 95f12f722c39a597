// What stands before an alias: gates, approvals, decisions.
import type { WireNumber } from './wire';

export interface GateInfo {
  experimentId: string;
  experimentName: string;
  name: string;
  alias: string;
  when?: string | null;
  checks: string[];
  approvals: number;
  approvers: string[];
  data?: string | null;
  stage?: string | null;
  setBy?: string | null;
  source?: string | null;
  setAt: number;
}

export interface GateList {
  gates: GateInfo[];
}

export interface SetGateRequest {
  when?: string | null;
  checks?: string[] | null;
  approvals?: number;
  approvers?: string[] | null;
  data?: string | null;
  stage?: string | null;
  who?: string | null;
  source?: string | null;
  onlyIfMissing?: boolean;
}

export interface ApprovalInfo {
  alias: string;
  version: string;
  who: string;
  granted: boolean;
  why?: string | null;
  at: number;
}

export interface ApprovalList {
  approvals: ApprovalInfo[];
}

export interface GateConditionInfo {
  kind: string;
  text: string;
  passed: boolean;
  detail: string;
}

export interface JudgedVersionInfo {
  version: string;
  runId?: string | null;
  metrics: Record<string, WireNumber>;
  data: string[];
}

export interface VerdictInfo {
  passed: boolean;
  conditions: GateConditionInfo[];
  candidate: JudgedVersionInfo;
  holder?: JudgedVersionInfo | null;
}

export interface DecisionInfo {
  alias: string;
  stage?: string | null;
  from?: string | null;
  to?: string | null;
  outcome: string;
  who?: string | null;
  why?: string | null;
  runId?: string | null;
  at: number;
  verdict?: VerdictInfo | null;
}

export interface DecisionList {
  decisions: DecisionInfo[];
}
