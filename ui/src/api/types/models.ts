// Models: the registry's, and those that runs logged.
import type { ArtifactInfo } from './artifacts';

export interface RegisteredModelInfo {
  name: string;
  tags: Record<string, string>;
  stages: Record<string, string>;
}

export interface ModelEntry {
  artifact: ArtifactInfo;
  model: RegisteredModelInfo;
}

export interface ModelEntryList {
  models: ModelEntry[];
}

export interface ModelVersionInfo {
  name: string;
  number: number;
  stage: string;
  source?: string | null;
  runId?: string | null;
  runLink?: string | null;
  updatedAt: number;
  tags: Record<string, string>;
}

export interface LoggedModelInfo {
  path: string;
  flavors: ModelFlavorInfo[];
  signature?: ModelSignatureInfo | null;
  inputExample?: string | null;
  mlflowVersion?: string | null;
  createdAt?: string | null;
  size?: number | null;
  modelId?: string | null;
  metadata: Record<string, string>;
}

export interface ModelFlavorInfo {
  name: string;
  facts: Record<string, string>;
}

export interface ModelSignatureInfo {
  inputs?: ModelFieldInfo[] | null;
  outputs?: ModelFieldInfo[] | null;
  params?: ModelFieldInfo[] | null;
}

export interface ModelFieldInfo {
  name?: string | null;
  type: string;
  shape?: string | null;
  required: boolean;
  default?: string | null;
}

export interface LoggedModelList {
  models: LoggedModelInfo[];
}
