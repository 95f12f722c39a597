// The server itself: what it is, what its storage takes, what its events tell.

export interface ServerInfo {
  version: string;
  startedAt: number;
  dataFolder?: string | null;
  authRequired: boolean;
}

export interface StorageUse {
  kind: string;
  count: number;
  bytes: number;
}

export interface StorageInfo {
  uses: StorageUse[];
  freeBytes?: number | null;
  deletedRuns: number;
}

export interface GarbageReport {
  experiments: number;
  runs: number;
  blobs: number;
  blobBytes: number;
  uploads?: number;
  uploadBytes?: number;
  plainFiles?: number;
  plainBytes?: number;
  databaseBytes: number;
  dryRun: boolean;
}

/** What a server-sent event says changed on a run. */
export type ChangeKind =
  | 'info' | 'params' | 'tags' | 'series' | 'summary' | 'logs' | 'media' | 'files' | 'artifacts';

export interface RunEvent {
  runId: string;
  changed: ChangeKind[];
}
