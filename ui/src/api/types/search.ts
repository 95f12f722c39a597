// What the table of runs asks for beside the runs: keys, values, groups, and changes of many.
import type { MaybeText, WireNumber } from './wire';

export interface RunKeyInfo {
  key: string;
  runs: number;
}

export interface RunKeys {
  params: RunKeyInfo[];
  metrics: RunKeyInfo[];
  tags: RunKeyInfo[];
}

export interface RunValueInfo {
  value: string;
  runs: number;
}

export interface RunValues {
  values: RunValueInfo[];
  different: number;
  runs: number;
  least?: WireNumber | null;
  greatest?: WireNumber | null;
}

export interface RunAggregateInfo {
  count: number;
  mean?: WireNumber | null;
  least?: WireNumber | null;
  greatest?: WireNumber | null;
  only?: string | null;
}

export interface RunGroupInfo {
  values: MaybeText[];
  runs: number;
  running: number;
  failed: number;
  lastStartedAt: number;
  duration: RunAggregateInfo;
  aggregates: RunAggregateInfo[];
}

export interface RunGroupList {
  groups: RunGroupInfo[];
  totalGroups: number;
  totalRuns: number;
}

export interface BulkWhere {
  experiment: string;
  filter?: string | null;
  state?: string | null;
}

export interface BulkChange {
  runIds?: string[] | null;
  where?: BulkWhere | null;
  state?: string | null;
  tags?: Record<string, string | null> | null;
}

export interface BulkRefusal {
  runId: string;
  message: string;
}

export interface BulkAnswer {
  changed: number;
  refused: BulkRefusal[];
  undo: BulkChange[];
}
