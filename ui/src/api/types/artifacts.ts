// Artifacts, their versions, and what points to them.
import type { LoggedModelInfo, ModelVersionInfo, RegisteredModelInfo } from './models';
import type { RunInfo } from './runs';
import type { Json } from './wire';

export interface ArtifactInfo {
  experimentId: string;
  experimentName: string;
  name: string;
  type: string;
  description?: string | null;
  createdAt: number;
  updatedAt: number;
  versionCount: number;
  latestVersion?: string | null;
  aliases: Record<string, string>;
}

export interface ArtifactList {
  artifacts: ArtifactInfo[];
}

export interface VersionInfo {
  experimentId: string;
  experimentName: string;
  name: string;
  type: string;
  version: string;
  digest: string;
  size: number;
  fileCount: number;
  description?: string | null;
  metadata?: Json;
  createdAt: number;
  author?: string | null;
  runId?: string | null;
  aliases: string[];
}

export interface AliasChange {
  alias: string;
  from?: string | null;
  to?: string | null;
  who?: string | null;
  why?: string | null;
  runId?: string | null;
  at: number;
}

export interface MoveAliasRequest {
  version: string;
  expect?: string | null;
  why?: string | null;
  who?: string | null;
  runId?: string | null;
}

export interface ArtifactDetail {
  artifact: ArtifactInfo;
  versions: VersionInfo[];
  aliasHistory: AliasChange[];
  model?: RegisteredModelInfo | null;
}

export interface ManifestEntry {
  path: string;
  digest: string;
  size: number;
}

export interface VersionDetail {
  version: VersionInfo;
  manifest: ManifestEntry[];
  loggedBy: RunInfo[];
  usedBy: RunInfo[];
  model?: ModelVersionInfo | null;
  loggedModel?: LoggedModelInfo | null;
  references?: ReferenceInfo[] | null;
}

export interface ReferenceInfo {
  path: string;
  uri: string;
  digest: string;
  size?: number | null;
}
