// Experiments, the first page, and views that are kept under a name.
import type { AliasChange } from './artifacts';
import type { RunInfo } from './runs';

export interface ExperimentInfo {
  id: string;
  name: string;
  state: 'active' | 'deleted';
  createdAt: number;
  updatedAt: number;
  tags: Record<string, string>;
  runCount: number;
  lastRunAt?: number | null;
}

export interface ExperimentList {
  experiments: ExperimentInfo[];
}

export interface ExperimentPulse {
  experiment: ExperimentInfo;
  started: number[];
  failed: number[];
}

export interface FailedRun {
  run: RunInfo;
  reason?: string | null;
  check?: string | null;
}

export interface Promotion {
  experimentId: string;
  experimentName: string;
  artifact: string;
  type: string;
  change: AliasChange;
}

export interface WaitingPromotion {
  experimentId: string;
  experimentName: string;
  artifact: string;
  version: string;
  alias: string;
  wants: string;
  who?: string | null;
  why?: string | null;
  at: number;
}

export interface HomeInfo {
  experiments: ExperimentPulse[];
  running: RunInfo[];
  failed: FailedRun[];
  promotions: Promotion[];
  waiting: WaitingPromotion[];
}

export interface SavedViewInfo {
  page: string;
  name: string;
  state: string;
  updatedAt: number;
}

export interface SavedViewList {
  views: SavedViewInfo[];
}
