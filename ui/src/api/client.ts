// The one place that speaks HTTP. Every address of the native API that the pages use is spelled here.
import type { AccessPlace } from '../access/place';
import { setLoggedOut } from './account';
import { readColumns } from './columns';
import type {
  AddedKey, AddedUser, AliasChange, ApprovalList, ArtifactDetail, ArtifactList, BrowserList, BulkAnswer, BulkChange,
  DecisionList, ErrorResponse, ExperimentInfo, ExperimentList, GarbageReport, GateInfo, GateList, HistogramList,
  HomeInfo, JobInfo, JobList, KeyList, LineageGraph, LogPage, LoggedModelList, MediaList, ModelEntryList,
  MoveAliasRequest, PermissionInfo, PermissionList, PipelineList, RunDetail, RunFileList, RunGroupList, RunInfo, RunKeys, RunPage, RunStatus,
  RunValues, SavedViewInfo, SavedViewList, SeriesList, ServerInfo, SessionInfo, SetGateRequest, SetPasswordAnswer,
  StorageInfo, SweepDetail, SweepState, TriggerInfo, TriggerList, UserHoldings, UserInfo, UserList, VerdictInfo, VersionDetail,
} from './types';

/** An answer that is an error, carrying the sentence the server wrote for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly field: string | null;

  constructor(status: number, code: string, message: string, field: string | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

type Query = Record<string, string | number | readonly string[] | null | undefined>;

const enc = encodeURIComponent;

/** A path of several segments: every segment is encoded, the slashes stay. */
function encodePath(path: string): string {
  return path.split('/').map(enc).join('/');
}

function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) search.append(name, one);
    else search.append(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function readError(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as ErrorResponse;
    if (error?.message) return new ApiError(response.status, error.code, error.message, error.field ?? null);
  } catch {
    // Not one of Cairn's own answers: a proxy in between, perhaps.
  }
  const told = text.length > 0 && text.length < 300 && !text.includes('<') ? `: ${text}` : '';
  return new ApiError(response.status, 'http', `The server answered ${response.status} ${response.statusText}${told}`, null);
}

async function request(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError(0, 'unreachable', 'The Cairn server does not answer. Is it still running?', null);
  }
  // A server with users asks for a login in the page; one with a key only asks by the browser's own dialog.
  if (response.status === 401 && response.headers.get('WWW-Authenticate')?.startsWith('Bearer')) setLoggedOut(true);
  if (!response.ok) throw await readError(response);
  return response;
}

async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const response = await request(withQuery(`/api/v1${path}`, query), {
    headers: { Accept: 'application/json' },
    ...(signal ? { signal } : {}),
  });
  return (await response.json()) as T;
}

/** A write. The answer may be empty. */
async function send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const response = await request(`/api/v1${path}`, {
    method,
    headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export interface RunQuery {
  experiment?: readonly string[];
  filter?: string;
  orderBy?: readonly string[];
  state?: 'active' | 'deleted' | 'all';
  /** Pairs [field, value or null] as JSON: the runs of a group. */
  is?: readonly string[];
  limit?: number;
  pageToken?: string;
}

export interface SeriesQuery {
  keys: readonly string[];
  from?: number | undefined;
  to?: number | undefined;
  buckets: number;
}

function permissionsOf(place: AccessPlace): string {
  return 'experiment' in place ? `/experiments/${enc(place.experiment)}/permissions` : '/models/permissions';
}

function modelOf(place: AccessPlace): Query {
  return 'model' in place ? { model: place.model } : {};
}

export const api = {
  server: (signal?: AbortSignal) => get<ServerInfo>('/server', {}, signal),
  session: (signal?: AbortSignal) => get<SessionInfo>('/session', {}, signal),
  logIn: (name: string, password: string) => send<SessionInfo>('POST', '/session', { name, password }),
  logOut: () => send<void>('DELETE', '/session'),
  users: (signal?: AbortSignal) => get<UserList>('/users', {}, signal),
  addUser: (name: string, isAdmin: boolean, password?: string) => send<AddedUser>('POST', '/users', { name, isAdmin, password }),
  changeUser: (name: string, to: { isAdmin?: boolean; isActive?: boolean }) => send<UserInfo>('PATCH', `/users/${enc(name)}`, to),
  holdings: (name: string, signal?: AbortSignal) => get<UserHoldings>(`/users/${enc(name)}/holdings`, {}, signal),
  removeUser: (name: string) => send<void>('DELETE', `/users/${enc(name)}`),
  setPassword: (name: string, to: { password?: string; current?: string }) => send<SetPasswordAnswer>('PUT', `/users/${enc(name)}/password`, to),
  keys: (signal?: AbortSignal) => get<KeyList>('/users/me/keys', {}, signal),
  addKey: (name: string, expiresAt: number | null) => send<AddedKey>('POST', '/users/me/keys', { name, expiresAt }),
  revokeKey: (id: number) => send<void>('DELETE', `/users/me/keys/${id}`),
  browsers: (signal?: AbortSignal) => get<BrowserList>('/users/me/sessions', {}, signal),
  endSession: (id: number) => send<void>('DELETE', `/users/me/sessions/${id}`),
  endSessions: (name: string) => send<void>('DELETE', `/users/${enc(name)}/sessions`),
  permissions: (place: AccessPlace, signal?: AbortSignal) => get<PermissionList>(permissionsOf(place), modelOf(place), signal),
  setPermission: (place: AccessPlace, user: string, permission: string) =>
    send<PermissionInfo>('PUT', withQuery(`${permissionsOf(place)}/${enc(user)}`, modelOf(place)), { permission }),
  removePermission: (place: AccessPlace, user: string) => send<void>('DELETE', withQuery(`${permissionsOf(place)}/${enc(user)}`, modelOf(place))),
  experiments: (signal?: AbortSignal) => get<ExperimentList>('/experiments', {}, signal),
  experiment: (id: string, signal?: AbortSignal) => get<ExperimentInfo>(`/experiments/${enc(id)}`, {}, signal),
  runs: (query: RunQuery, signal?: AbortSignal) => get<RunPage>('/runs', { ...query }, signal),
  runKeys: (experimentId: string, signal?: AbortSignal) => get<RunKeys>(`/experiments/${enc(experimentId)}/keys`, {}, signal),
  runValues: (experimentId: string, field: string, contains: string, signal?: AbortSignal) =>
    get<RunValues>(`/experiments/${enc(experimentId)}/values`, { field, contains, limit: 50 }, signal),
  runGroups: (query: Omit<RunQuery, 'limit' | 'pageToken' | 'orderBy'>, by: readonly string[], of: readonly string[], signal?: AbortSignal) =>
    get<RunGroupList>('/runs/groups', { ...query, by, of }, signal),
  changeRuns: (changes: readonly BulkChange[]) => send<BulkAnswer>('POST', '/runs/bulk', { changes }),
  views: (experimentId: string, page: string, signal?: AbortSignal) =>
    get<SavedViewList>(`/experiments/${enc(experimentId)}/views`, { page }, signal),
  saveView: (experimentId: string, page: string, name: string, state: string) =>
    send<SavedViewInfo>('PUT', withQuery(`/experiments/${enc(experimentId)}/views`, { page, name }), { state }),
  forgetView: (experimentId: string, page: string, name: string) =>
    send<void>('DELETE', withQuery(`/experiments/${enc(experimentId)}/views`, { page, name })),
  pipelines: (signal?: AbortSignal) => get<PipelineList>('/pipelines', {}, signal),
  triggers: (signal?: AbortSignal) => get<TriggerList>('/triggers', {}, signal),
  jobs: (signal?: AbortSignal) => get<JobList>('/jobs', { limit: 50 }, signal),
  fireTrigger: (id: string) => send<JobInfo>('POST', `/triggers/${enc(id)}/fire`, {}),
  pauseTrigger: (id: string, pause: boolean) => send<TriggerInfo>('POST', `/triggers/${enc(id)}/${pause ? 'pause' : 'resume'}`),
  cancelJob: (id: string) => send<JobInfo>('POST', `/jobs/${enc(id)}/cancel`),
  launch: (pipeline: string, what: { changes?: readonly string[]; runId?: string; key: string }) =>
    send<JobInfo>('POST', `/pipelines/${enc(pipeline)}/jobs`, what),
  home: (signal?: AbortSignal) => get<HomeInfo>('/home', {}, signal),
  storage: (signal?: AbortSignal) => get<StorageInfo>('/storage', {}, signal),
  collectGarbage: (olderThanMs: number, dryRun: boolean) => send<GarbageReport>('POST', '/gc', { olderThanMs, dryRun }),
  run: (id: string, signal?: AbortSignal) => get<RunDetail>(`/runs/${enc(id)}`, {}, signal),
  series: (id: string, { keys, from, to, buckets }: SeriesQuery, signal?: AbortSignal) =>
    get<SeriesList>(`/runs/${enc(id)}/series`, { key: keys, from, to, buckets }, signal),
  /** Many series of many runs in one answer. */
  drawSeries: async (query: { runs: readonly string[]; keys: readonly string[]; from?: number | undefined; to?: number | undefined; buckets: number; times: boolean }) => {
    const response = await request('/api/v1/series', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(query) });
    return readColumns(await response.arrayBuffer());
  },
  media: async (runs: readonly string[], signal?: AbortSignal) => {
    const response = await request('/api/v1/media', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ runs }), ...(signal ? { signal } : {}) });
    return (await response.json()) as MediaList;
  },
  histograms: (id: string, key: string, signal?: AbortSignal) => get<HistogramList>(`/runs/${enc(id)}/histograms`, { key }, signal),
  logs: (id: string, after: number, limit: number, signal?: AbortSignal) =>
    get<LogPage>(`/runs/${enc(id)}/logs`, { after, limit }, signal),
  logTail: (id: string, lines: number, signal?: AbortSignal) => get<LogPage>(`/runs/${enc(id)}/logs`, { tail: lines, limit: lines }, signal),
  files: (id: string, signal?: AbortSignal) => get<RunFileList>(`/runs/${enc(id)}/files`, {}, signal),
  runModels: (id: string, signal?: AbortSignal) => get<LoggedModelList>(`/runs/${enc(id)}/models`, {}, signal),
  models: (signal?: AbortSignal) => get<ModelEntryList>('/models', {}, signal),
  stopRun: (id: string) => send<RunInfo>('POST', `/runs/${enc(id)}/stop`),
  updateRun: (id: string, update: { status?: RunStatus; tags?: Record<string, string | null> }) => send<void>('POST', `/runs/${enc(id)}/updates`, update),
  moveAlias: (experimentId: string, name: string, alias: string, move: MoveAliasRequest) =>
    send<AliasChange>('PUT', `/artifacts/${enc(experimentId)}/${enc(name)}/aliases/${enc(alias)}`, move),
  rollBack: (experimentId: string, name: string, alias: string, request: { expect?: string; who: string | null; why: string }) =>
    send<AliasChange>('POST', `/artifacts/${enc(experimentId)}/${enc(name)}/aliases/${enc(alias)}/rollback`, request),
  gates: (experimentId: string, name: string, signal?: AbortSignal) => get<GateList>(`/artifacts/${enc(experimentId)}/${enc(name)}/gates`, {}, signal),
  verdict: (experimentId: string, name: string, alias: string, version: string, signal?: AbortSignal) =>
    get<VerdictInfo>(`/artifacts/${enc(experimentId)}/${enc(name)}/gates/${enc(alias)}/verdict`, { version }, signal),
  setGate: (experimentId: string, name: string, alias: string, gate: SetGateRequest) =>
    send<GateInfo>('PUT', `/artifacts/${enc(experimentId)}/${enc(name)}/gates/${enc(alias)}`, gate),
  removeGate: (experimentId: string, name: string, alias: string, who: string | null, why: string | null) =>
    send<void>('DELETE', withQuery(`/artifacts/${enc(experimentId)}/${enc(name)}/gates/${enc(alias)}`, { who, why })),
  /** What a gate would say of a version if it were set. */
  tryGate: (experimentId: string, name: string, alias: string, version: string, gate: SetGateRequest) =>
    send<VerdictInfo>('POST', withQuery(`/artifacts/${enc(experimentId)}/${enc(name)}/gates/${enc(alias)}/verdict`, { version }), gate),
  approvals: (experimentId: string, name: string, version: string, signal?: AbortSignal) =>
    get<ApprovalList>(`/artifacts/${enc(experimentId)}/${enc(name)}/versions/${enc(version)}/approvals`, {}, signal),
  decisions: (experimentId: string, name: string, signal?: AbortSignal) =>
    get<DecisionList>(`/artifacts/${enc(experimentId)}/${enc(name)}/decisions`, { limit: 1000 }, signal),
  approve: (experimentId: string, name: string, version: string, approval: { alias: string; who: string; verdict: 'approve' | 'object' | 'withdraw'; why: string | null }) =>
    send<ApprovalList>('POST', `/artifacts/${enc(experimentId)}/${enc(name)}/versions/${enc(version)}/approvals`, approval),
  removeAlias: (experimentId: string, name: string, alias: string, who: string | undefined, why: string | undefined) =>
    send<AliasChange>('DELETE', withQuery(`/artifacts/${enc(experimentId)}/${enc(name)}/aliases/${enc(alias)}`, { who, why })),
  artifacts: (experiment: string | undefined, signal?: AbortSignal) => get<ArtifactList>('/artifacts', { experiment }, signal),
  artifact: (experimentId: string, name: string, signal?: AbortSignal) =>
    get<ArtifactDetail>(`/artifacts/${enc(experimentId)}/${enc(name)}`, {}, signal),
  version: (experimentId: string, name: string, version: string, signal?: AbortSignal) =>
    get<VersionDetail>(`/artifacts/${enc(experimentId)}/${enc(name)}/versions/${enc(version)}`, {}, signal),
  sweep: (experimentId: string, name: string, signal?: AbortSignal) => get<SweepDetail>(`/sweeps/${enc(experimentId)}/${enc(name)}`, {}, signal),
  setSweepState: (experimentId: string, name: string, state: SweepState) =>
    send<SweepDetail>('POST', `/sweeps/${enc(experimentId)}/${enc(name)}/state`, { state }),
  lineage: (query: { run?: string; version?: string; depth?: number }, signal?: AbortSignal) =>
    get<LineageGraph>('/lineage', query, signal),
};

export const urls = {
  runFile: (runId: string, path: string) => `/api/v1/runs/${enc(runId)}/files/${encodePath(path)}`,
  versionFile: (experimentId: string, name: string, version: string, path: string) =>
    `/api/v1/artifacts/${enc(experimentId)}/${enc(name)}/versions/${enc(version)}/files/${encodePath(path)}`,
  events: (query: { run?: string; experiment?: string }) => withQuery('/api/v1/events', query),
};

export interface FileHead {
  bytes: Uint8Array;
  /** True where the file goes on after these bytes. */
  truncated: boolean;
}

/** The first bytes of a file, for a preview. An empty file has no range to ask for, so its size decides. */
export async function readFileHead(url: string, size: number, limit: number, signal?: AbortSignal): Promise<FileHead> {
  const headers: Record<string, string> = size > limit ? { Range: `bytes=0-${limit - 1}` } : {};
  const response = await request(url, { headers, ...(signal ? { signal } : {}) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length > limit
    ? { bytes: bytes.subarray(0, limit), truncated: true }
    : { bytes, truncated: size > bytes.length };
}

/** The bytes from..to (exclusive) of a file. */
export async function readRange(url: string, from: number, to: number, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await request(url, { headers: { Range: `bytes=${from}-${to - 1}` }, ...(signal ? { signal } : {}) });
  const bytes = await response.arrayBuffer();
  return response.status === 206 ? bytes : bytes.slice(from, to);
}
