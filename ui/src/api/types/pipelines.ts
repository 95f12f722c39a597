// Pipelines, what sets them off, and the jobs that come of it.

export interface PipelineSourceInfo {
  kind: string;
  location: string;
  file?: string;
  commit?: string | null;
}

export interface PipelineInfo {
  name: string;
  experimentId: string;
  experimentName: string;
  source: PipelineSourceInfo;
  changes: string[];
  registeredBy?: string | null;
  registeredAt: number;
  revision: number;
}

export interface PipelineList {
  pipelines: PipelineInfo[];
}

export interface TriggerInfo {
  id: string;
  pipeline: string;
  name: string;
  kind: string;
  condition: string;
  paused: boolean;
  changes: string[];
  missed?: string | null;
  nextAt?: number | null;
  lastAt?: number | null;
  createdAt: number;
}

export interface TriggerList {
  triggers: TriggerInfo[];
  workerSeenAt?: number | null;
}

export interface JobInfo {
  id: string;
  pipeline: string;
  triggerId?: string | null;
  triggerName: string;
  cause: string;
  at: number;
  state: 'waiting' | 'running' | 'finished' | 'failed' | 'cancelled';
  runId: string;
  changes: string[];
  attempt: number;
  worker?: string | null;
  leaseUntil?: number | null;
  cancelRequested: boolean;
  startedAt?: number | null;
  endedAt?: number | null;
  message?: string | null;
}

export interface JobList {
  jobs: JobInfo[];
}
