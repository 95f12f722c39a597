// What the pages ask for, with the keys under which the answers are kept. Live pages refresh them by these keys.
import type { AccessPlace } from '../access/place';
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { api, ApiError, type RunQuery } from './client';
import type { SetGateRequest } from './types';

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // A server on this machine answers without any network.
        networkMode: 'always',
        gcTime: 10 * 60_000,
        // What the server refused once it will refuse again; only an absent or busy server is asked twice.
        retry: (failures, error) => failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
        retryDelay: (attempt) => 400 * 2 ** attempt,
      },
    },
  });
}

/** Runs asked for at once: the first page is small, so that rows stand on the screen early. */
const firstRows = 100;
const moreRows = 500;

export const queries = {
  server: () => queryOptions({
    queryKey: ['server'],
    queryFn: ({ signal }) => api.server(signal),
    staleTime: 60 * 60_000,
  }),
  session: () => queryOptions({
    queryKey: ['session'],
    queryFn: ({ signal }) => api.session(signal),
    staleTime: 60_000,
  }),
  holdings: (name: string) => queryOptions({ queryKey: ['holdings', name], queryFn: ({ signal }) => api.holdings(name, signal) }),
  users: () => queryOptions({ queryKey: ['users'], queryFn: ({ signal }) => api.users(signal) }),
  keys: () => queryOptions({ queryKey: ['keys'], queryFn: ({ signal }) => api.keys(signal) }),
  browsers: () => queryOptions({ queryKey: ['browsers'], queryFn: ({ signal }) => api.browsers(signal) }),
  permissions: (place: AccessPlace) => queryOptions({
    queryKey: ['permissions', place],
    queryFn: ({ signal }) => api.permissions(place, signal),
    staleTime: 60_000,
  }),
  experiments: () => queryOptions({
    queryKey: ['experiments'],
    queryFn: ({ signal }) => api.experiments(signal),
  }),
  experiment: (id: string) => queryOptions({
    queryKey: ['experiment', id],
    queryFn: ({ signal }) => api.experiment(id, signal),
  }),
  runs: (query: Omit<RunQuery, 'limit' | 'pageToken'>) => infiniteQueryOptions({
    queryKey: ['runs', query.experiment ?? [], query],
    queryFn: ({ pageParam, signal }) =>
      api.runs({ ...query, limit: pageParam === '' ? firstRows : moreRows, pageToken: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextPageToken ?? undefined,
    placeholderData: keepPreviousData,
  }),
  runKeys: (experimentId: string) => queryOptions({
    queryKey: ['runKeys', experimentId],
    queryFn: ({ signal }) => api.runKeys(experimentId, signal),
    staleTime: 30_000,
  }),
  runValues: (experimentId: string, field: string, contains: string) => queryOptions({
    queryKey: ['runValues', experimentId, field, contains],
    queryFn: ({ signal }) => api.runValues(experimentId, field, contains, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  }),
  runGroups: (query: Omit<RunQuery, 'limit' | 'pageToken' | 'orderBy'>, by: readonly string[], of: readonly string[]) => queryOptions({
    queryKey: ['runs', query.experiment ?? [], 'groups', query, by, of],
    queryFn: ({ signal }) => api.runGroups(query, by, of, signal),
    placeholderData: keepPreviousData,
  }),
  views: (experimentId: string, page: string) => queryOptions({
    queryKey: ['views', experimentId, page],
    queryFn: ({ signal }) => api.views(experimentId, page, signal),
    staleTime: 60_000,
  }),
  /** Runs of pipelines, newest first. */
  executions: (pipeline: string | undefined, limit = 100) => queryOptions({
    queryKey: ['executions', pipeline ?? '', limit],
    queryFn: ({ signal }) => api.runs({ ...(pipeline ? { is: [JSON.stringify(['tags.`cairn.pipeline.name`', pipeline])] } : { filter: "tags.`cairn.pipeline.name` LIKE '%'" }), limit }, signal),
    placeholderData: keepPreviousData,
  }),
  /** Newest runs of projects' entry points. */
  projects: () => queryOptions({
    queryKey: ['projects'],
    queryFn: ({ signal }) => api.runs({ filter: "tags.`mlflow.project.entryPoint` LIKE '%'", limit: 300 }, signal),
    staleTime: 30_000,
  }),
  pipelines: () => queryOptions({
    queryKey: ['pipelines'],
    queryFn: ({ signal }) => api.pipelines(signal),
  }),
  triggers: () => queryOptions({
    queryKey: ['triggers'],
    queryFn: ({ signal }) => api.triggers(signal),
  }),
  jobs: () => queryOptions({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => api.jobs(signal),
  }),
  home: () => queryOptions({
    queryKey: ['home'],
    queryFn: ({ signal }) => api.home(signal),
  }),
  storage: () => queryOptions({
    queryKey: ['storage'],
    queryFn: ({ signal }) => api.storage(signal),
    staleTime: 0,
  }),
  /** Some runs, wherever they are. */
  runsById: (ids: readonly string[]) => queryOptions({
    queryKey: ['runs', 'byId', ids],
    queryFn: ({ signal }) => api.runs({ filter: `attributes.run_id IN (${ids.map((id) => `'${id.replaceAll("'", '')}'`).join(', ')})`, state: 'all', limit: ids.length }, signal),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  }),
  run: (id: string) => queryOptions({
    queryKey: ['run', id, 'detail'],
    queryFn: ({ signal }) => api.run(id, signal),
  }),
  /** The last lines of a log that has so many. */
  logTail: (id: string, lines: number) => queryOptions({
    queryKey: ['run', id, 'logTail', lines],
    queryFn: ({ signal }) => api.logTail(id, Math.min(lines, 14), signal),
  }),
  files: (id: string) => queryOptions({
    queryKey: ['run', id, 'files'],
    queryFn: ({ signal }) => api.files(id, signal),
  }),
  runModels: (id: string) => queryOptions({
    queryKey: ['run', id, 'models'],
    queryFn: ({ signal }) => api.runModels(id, signal),
  }),
  /** The newest runs of an experiment, to choose one from. */
  recentRuns: (experimentId: string) => queryOptions({
    queryKey: ['runs', [experimentId], 'recent'],
    queryFn: ({ signal }) => api.runs({ experiment: [experimentId], limit: 100 }, signal),
  }),
  /** Both clients' samples of the machine's load are metrics with names of their own. */
  systemMetrics: (id: string, keys: readonly string[]) => queryOptions({
    queryKey: ['run', id, 'series', 'system', keys],
    queryFn: async ({ signal }) => (keys.length === 0 ? { series: [] } : api.series(id, { keys: keys.slice(0, 100), buckets: 600 }, signal)),
  }),
  artifacts: (experimentId: string) => queryOptions({
    queryKey: ['artifacts', experimentId],
    queryFn: ({ signal }) => api.artifacts(experimentId, signal),
  }),
  artifact: (experimentId: string, name: string) => queryOptions({
    queryKey: ['artifact', experimentId, name],
    queryFn: ({ signal }) => api.artifact(experimentId, name, signal),
  }),
  version: (experimentId: string, name: string, version: string) => queryOptions({
    queryKey: ['artifact', experimentId, name, 'version', version],
    queryFn: ({ signal }) => api.version(experimentId, name, version, signal),
    placeholderData: keepPreviousData,
  }),
  gates: (experimentId: string, name: string) => queryOptions({
    queryKey: ['artifact', experimentId, name, 'gates'],
    queryFn: ({ signal }) => api.gates(experimentId, name, signal),
  }),
  verdict: (experimentId: string, name: string, alias: string, version: string) => queryOptions({
    queryKey: ['artifact', experimentId, name, 'verdict', alias, version],
    queryFn: ({ signal }) => api.verdict(experimentId, name, alias, version, signal),
  }),
  /** What a gate that is not set yet would say. */
  gateTrial: (experimentId: string, name: string, alias: string, version: string, gate: SetGateRequest) => queryOptions({
    queryKey: ['artifact', experimentId, name, 'verdict', 'trial', alias, version, gate],
    queryFn: () => api.tryGate(experimentId, name, alias, version, gate),
    placeholderData: keepPreviousData,
  }),
  approvals: (experimentId: string, name: string, version: string) => queryOptions({
    queryKey: ['artifact', experimentId, name, 'approvals', version],
    queryFn: ({ signal }) => api.approvals(experimentId, name, version, signal),
  }),
  decisions: (experimentId: string, name: string) => queryOptions({
    queryKey: ['artifact', experimentId, name, 'decisions'],
    queryFn: ({ signal }) => api.decisions(experimentId, name, signal),
  }),
  /** Around a node of the graph: `run:{id}` or `version:{experimentId}/{name}:{version}`. */
  lineageAround: (node: string, depth: number) => queryOptions({
    queryKey: ['lineage', node, depth],
    queryFn: ({ signal }) => {
      const at = node.indexOf(':');
      return api.lineage({ [node.slice(0, at) === 'run' ? 'run' : 'version']: node.slice(at + 1), depth }, signal);
    },
    placeholderData: keepPreviousData,
  }),
  allArtifacts: () => queryOptions({
    queryKey: ['artifacts', 'all'],
    queryFn: ({ signal }) => api.artifacts(undefined, signal),
  }),
  models: () => queryOptions({
    queryKey: ['models'],
    queryFn: ({ signal }) => api.models(signal),
  }),
};
