// Runs, one and many.
import type { VersionInfo } from './artifacts';
import type { MediaInfo } from './series';
import type { Json, WireNumber } from './wire';

export type RunStatus = 'running' | 'scheduled' | 'finished' | 'failed' | 'killed' | 'crashed';

export interface RunInfo {
  id: string;
  experimentId: string;
  experimentName: string;
  name: string;
  status: RunStatus;
  state: 'active' | 'deleted';
  startedAt: number;
  endedAt?: number | null;
  author?: string | null;
  jobType?: string | null;
  parentId?: string | null;
}

export interface RunRow {
  run: RunInfo;
  params: Record<string, Json>;
  tags: Record<string, string>;
  metrics: Record<string, WireNumber>;
}

export interface RunPage {
  runs: RunRow[];
  nextPageToken?: string | null;
}

export interface MetricInfo {
  key: string;
  value: WireNumber;
  step: number;
  time: number;
}

export interface LineageUse {
  version: VersionInfo;
  at: number;
  usedAs?: string | null;
}

export interface RunDetail {
  run: RunInfo;
  params: Record<string, Json>;
  tags: Record<string, string>;
  metrics: MetricInfo[];
  summary: Record<string, Json>;
  inputs: LineageUse[];
  outputs: LineageUse[];
  media: MediaInfo[];
  parent?: RunInfo | null;
  children: RunInfo[];
  logLines: number;
  stopRequested: boolean;
  alerts?: AlertInfo[] | null;
}

export interface AlertInfo {
  at: number;
  severity: string;
  title: string;
  text: string;
}

export interface RunFileInfo {
  path: string;
  size: number;
  digest: string;
  updatedAt: number;
}

export interface RunFileList {
  files: RunFileInfo[];
}

export interface LogLine {
  line: number;
  text: string;
  stream: 'stdout' | 'stderr';
  time: number;
}

export interface LogPage {
  lines: LogLine[];
  total: number;
}
