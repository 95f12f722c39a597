// Sweeps.
import type { RunInfo } from './runs';
import type { Json, WireNumber } from './wire';

export type SweepState = 'pending' | 'running' | 'paused' | 'stopped' | 'canceled' | 'finished';

export interface SweepInfo {
  experimentId: string;
  experimentName: string;
  name: string;
  displayName?: string | null;
  description?: string | null;
  state: SweepState;
  method: string;
  metric?: string | null;
  goal: 'minimize' | 'maximize';
  stopsEarly: boolean;
  runCount: number;
  expectedRuns?: number | null;
  config: string;
  createdAt: number;
  updatedAt: number;
}

export interface SweepRun {
  run: RunInfo;
  params: Record<string, Json>;
  isBest: boolean;
  value?: WireNumber;
}

export interface SweepDetail {
  sweep: SweepInfo;
  runs: SweepRun[];
}

export interface SweepList {
  sweeps: SweepInfo[];
}

export interface SweepStateRequest {
  state: SweepState;
}
