// The wire records of Cairn's native API. A test of the server (PageTypesTests) holds them against its OpenAPI document.
// Times are Unix milliseconds, UTC. An absent field and null mean the same.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A double; NaN and the infinities travel as strings. */
export type WireNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export interface ServerInfo {
  version: string;
  startedAt: number;
  dataFolder?: string | null;
  authRequired: boolean;
}

export interface ErrorInfo {
  code: string;
  message: string;
  field?: string | null;
}

export interface ErrorResponse {
  error: ErrorInfo;
}

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

export interface MediaInfo {
  key: string;
  step: number;
  time: number;
  kind: string;
  path: string;
  caption?: string | null;
}

export interface RunMedia {
  runId: string;
  media: MediaInfo[];
  files: string[];
}

export interface MediaList {
  runs: RunMedia[];
}

export interface HistogramInfo {
  step: number;
  counts: WireNumber[];
  edges: WireNumber[];
}

export interface HistogramList {
  histograms: HistogramInfo[];
  total: number;
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

export interface SeriesData {
  key: string;
  count: number;
  sampled: boolean;
  steps: number[];
  times: number[];
  values: WireNumber[];
}

export interface SeriesList {
  series: SeriesData[];
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

export interface RunFileInfo {
  path: string;
  size: number;
  digest: string;
  updatedAt: number;
}

export interface RunFileList {
  files: RunFileInfo[];
}

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

export interface LineageNode {
  id: string;
  run?: RunInfo | null;
  version?: VersionInfo | null;
  more: number;
}

export interface LineageEdge {
  from: string;
  to: string;
}

export interface LineageGraph {
  nodes: LineageNode[];
  edges: LineageEdge[];
}

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

export type MaybeText = string | null;

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

export interface SavedViewInfo {
  page: string;
  name: string;
  state: string;
  updatedAt: number;
}

export interface SavedViewList {
  views: SavedViewInfo[];
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

export interface HomeInfo {
  experiments: ExperimentPulse[];
  running: RunInfo[];
  failed: FailedRun[];
  promotions: Promotion[];
  waiting: WaitingPromotion[];
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

export interface PermissionInfo {
  user: string;
  permission: string;
}

export interface PermissionList {
  permissions: PermissionInfo[];
  default: string;
}

export interface UserInfo {
  name: string;
  isAdmin: boolean;
  isActive: boolean;
  createdAt: number;
}

export interface UserList {
  users: UserInfo[];
}

export interface AddedUser {
  user: UserInfo;
  password?: string | null;
}

export interface SetPasswordAnswer {
  password?: string | null;
}

export interface KeyInfo {
  id: number;
  name: string;
  hint: string;
  createdAt: number;
  expiresAt?: number | null;
  lastUsedAt?: number | null;
}

export interface KeyList {
  keys: KeyInfo[];
}

export interface AddedKey {
  info: KeyInfo;
  key: string;
}

/** Who asks. */
export interface SessionInfo {
  name: string;
  isAdmin: boolean;
  isOperator: boolean;
  hasUsers: boolean;
}

export interface BrowserInfo {
  id: number;
  agent?: string | null;
  address?: string | null;
  createdAt: number;
  seenAt: number;
  isThis: boolean;
}

export interface BrowserList {
  sessions: BrowserInfo[];
}

/** What a server-sent event says changed on a run. */
export type ChangeKind =
  | 'info' | 'params' | 'tags' | 'series' | 'summary' | 'logs' | 'media' | 'files' | 'artifacts';

export interface RunEvent {
  runId: string;
  changed: ChangeKind[];
}
