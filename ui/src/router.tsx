// The route table. Every page is a file of its own, fetched when it is first needed; what a page needs from the server
// is asked for while its code is on its way. All state of a page is in its address.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { queries } from './api/queries';
import { arriving } from './arriving';
import { lineageSearch } from './lineage/lineageSearch';
import { type ChartsSearch, readChartsSearch } from './charts/look';
import { prefetchSeries } from './charts/seriesQuery';
import { type CompareSearch, readCompareSearch } from './compare/compareSearch';
import { type MediaSearch, readMediaSearch } from './media/mediaSearch';
import { runsQuery, type RunsSearch, type RunViewSearch } from './runs/runsQuery';
import { oneOf, parseSearch, text, wholeNumber, writeSearch } from './search';
import { sweepQuery } from './sweeps/sweepQuery';
import { Shell } from './shell/Shell';
import { NotFound, PageError } from './shell/Trouble';
import { readWorkspaceSearch, type WorkspaceSearch } from './workspace/workspaceSearch';

type Raw = Record<string, unknown>;
const page = <T,>(load: () => Promise<{ Route: T }>) => arriving(load, ({ Route }) => Route);

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: PageError,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (s: Raw): { q?: string | undefined } => ({ q: text(s['q']) }),
  loader: ({ context }) => context.client.ensureQueryData(queries.home()),
}).lazy(page(() => import('./experiments/ExperimentsPage')));

const experiment = createRoute({
  getParentRoute: () => root,
  path: '/experiments/$experimentId',
  // Which runs are looked at: the same for the table, the charts and whatever else shows runs of the experiment.
  validateSearch: (s: Raw): RunViewSearch => ({
    filter: text(s['filter']),
    sort: text(s['sort']),
    state: oneOf(s['state'], ['archived', 'deleted', 'all']),
    sel: text(s['sel']),
    hide: text(s['hide']),
    show: text(s['show']),
  }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.experiment(params.experimentId)),
}).lazy(page(() => import('./experiments/ExperimentPage')));

const runs = createRoute({
  getParentRoute: () => experiment,
  path: '/',
  validateSearch: (s: Raw): RunsSearch => ({
    cols: text(s['cols']),
    pins: wholeNumber(s['pins']),
    w: text(s['w']),
    tree: oneOf(s['tree'], ['flat']),
    group: text(s['group']),
    agg: oneOf(s['agg'], ['min', 'max', 'count']),
    open: text(s['open']),
    fold: text(s['fold']),
  }),
  loaderDeps: ({ search: { filter, sort, state } }) => ({ filter, sort, state }),
  loader: ({ context, params, deps }) => {
    // Not awaited: the table shows its own waiting state, and an error of the filter belongs beside the filter.
    void context.client.prefetchInfiniteQuery(queries.runs(runsQuery(params.experimentId, deps)));
  },
}).lazy(page(() => import('./runs/RunsPage')));

const experimentCharts = createRoute({
  getParentRoute: () => experiment,
  path: '/charts',
  validateSearch: (s: Raw): WorkspaceSearch => readWorkspaceSearch(s),
  loaderDeps: ({ search: { filter, sort, state } }) => ({ filter, sort, state }),
  loader: ({ context, params, deps }) => {
    void context.client.prefetchInfiniteQuery(queries.runs(runsQuery(params.experimentId, deps)));
  },
}).lazy(page(() => import('./workspace/WorkspacePage')));

const experimentArtifacts = createRoute({
  getParentRoute: () => experiment,
  path: '/artifacts',
  validateSearch: (s: Raw): { q?: string | undefined; type?: string | undefined } => ({ q: text(s['q']), type: text(s['type']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.artifacts(params.experimentId)),
}).lazy(page(() => import('./experiments/ArtifactsPage')));

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  loader: ({ context, params }) => context.client.ensureQueryData(queries.run(params.runId)),
}).lazy(page(() => import('./run/RunPage')));

const runOverview = createRoute({
  getParentRoute: () => run,
  path: '/',
  validateSearch: (s: Raw): { vs?: string | undefined } => ({ vs: text(s['vs']) }),
}).lazy(page(() => import('./run/OverviewTab')));

const runCharts = createRoute({
  getParentRoute: () => run,
  path: '/charts',
  validateSearch: (s: Raw): ChartsSearch & { large?: string | undefined } => ({ ...readChartsSearch(s), large: text(s['large']) }),
  loaderDeps: ({ search: { x, from, to, q } }) => ({ x, from, to, q }),
  loader: ({ context: { client }, params: { runId }, deps: { x, from, to, q } }) => {
    const run = client.getQueryData(queries.run(runId).queryKey);
    if (run && x === undefined && q === undefined) prefetchSeries(client, runId, run.metrics.map(({ key }) => key), { from, to });
  },
}).lazy(page(() => import('./run/ChartsTab')));

const runMedia = createRoute({
  getParentRoute: () => run,
  path: '/media',
  validateSearch: (s: Raw): MediaSearch => readMediaSearch(s),
}).lazy(page(() => import('./run/MediaTab')));

const runFiles = createRoute({
  getParentRoute: () => run,
  path: '/files',
  validateSearch: (s: Raw): { path?: string | undefined; as?: 'text' | undefined } => ({ path: text(s['path']), as: oneOf(s['as'], ['text']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.files(params.runId)),
}).lazy(page(() => import('./run/FilesTab')));

const runLogs = createRoute({
  getParentRoute: () => run,
  path: '/logs',
  validateSearch: (s: Raw): { q?: string | undefined; line?: number | undefined } => ({ q: text(s['q']), line: wholeNumber(s['line']) }),
}).lazy(page(() => import('./run/LogsTab')));

const runCode = createRoute({
  getParentRoute: () => run,
  path: '/code',
  validateSearch: (s: Raw): { path?: string | undefined; as?: 'text' | undefined } => ({ path: text(s['path']), as: oneOf(s['as'], ['text']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.files(params.runId)),
}).lazy(page(() => import('./run/CodeTab')));

const runSystem = createRoute({
  getParentRoute: () => run,
  path: '/system',
  validateSearch: (s: Raw): { q?: string | undefined } => ({ q: text(s['q']) }),
}).lazy(page(() => import('./run/SystemTab')));

const runLineage = createRoute({
  getParentRoute: () => run,
  path: '/lineage',
  validateSearch: lineageSearch,
}).lazy(page(() => import('./run/LineageTab')));

const allArtifacts = createRoute({
  getParentRoute: () => root,
  path: '/artifacts',
  validateSearch: (s: Raw): { q?: string | undefined; type?: string | undefined } => ({ q: text(s['q']), type: text(s['type']) }),
  loader: ({ context }) => context.client.ensureQueryData(queries.allArtifacts()),
}).lazy(page(() => import('./artifacts/ArtifactsPage')));

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: (s: Raw): { q?: string | undefined } => ({ q: text(s['q']) }),
  loader: ({ context }) => context.client.ensureQueryData(queries.models()),
}).lazy(page(() => import('./models/ModelsPage')));

const artifact = createRoute({
  getParentRoute: () => root,
  path: '/artifacts/$experimentId/$name',
  validateSearch: (s: Raw): { v?: string | undefined; move?: string | undefined; to?: string | undefined } => ({ v: text(s['v']), move: text(s['move']), to: text(s['to']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.artifact(params.experimentId, params.name)),
}).lazy(page(() => import('./artifacts/ArtifactPage')));

const artifactVersion = createRoute({
  getParentRoute: () => artifact,
  path: '/',
  validateSearch: (s: Raw): { path?: string | undefined; as?: 'text' | undefined } => ({ path: text(s['path']), as: oneOf(s['as'], ['text']) }),
}).lazy(page(() => import('./artifacts/VersionTab')));

const artifactLineage = createRoute({
  getParentRoute: () => artifact,
  path: '/lineage',
  validateSearch: lineageSearch,
}).lazy(page(() => import('./artifacts/LineageTab')));

const artifactCompare = createRoute({
  getParentRoute: () => artifact,
  path: '/compare',
  validateSearch: (s: Raw): { a?: string | undefined; b?: string | undefined; path?: string | undefined } => ({ a: text(s['a']), b: text(s['b']), path: text(s['path']) }),
}).lazy(page(() => import('./artifacts/CompareTab')));

const artifactHistory = createRoute({
  getParentRoute: () => artifact,
  path: '/history',
  validateSearch: (s: Raw): { alias?: string | undefined } => ({ alias: text(s['alias']) }),
}).lazy(page(() => import('./artifacts/HistoryTab')));

const artifactGates = createRoute({
  getParentRoute: () => artifact,
  path: '/gates',
  validateSearch: (s: Raw): { gate?: string | undefined; on?: string | undefined } => ({ gate: text(s['gate']), on: text(s['on']) }),
  loader: ({ context, params }) => void context.client.prefetchQuery(queries.gates(params.experimentId, params.name)),
}).lazy(page(() => import('./artifacts/GatesTab')));

const sweep = createRoute({
  getParentRoute: () => root,
  path: '/sweeps/$experimentId/$name',
  loader: ({ context, params }) => context.client.ensureQueryData(sweepQuery(params.experimentId, params.name)),
}).lazy(page(() => import('./sweeps/SweepPage')));
const pipelines = createRoute({
  getParentRoute: () => root,
  path: '/pipelines',
  validateSearch: (s: Raw): { pipeline?: string | undefined; n?: number | undefined; q?: string | undefined } => ({ pipeline: text(s['pipeline']), n: wholeNumber(s['n']), q: text(s['q']) }),
}).lazy(page(() => import('./pipelines/PipelinesPage')));

const triggers = createRoute({
  getParentRoute: () => root,
  path: '/pipelines/triggers',
  loader: ({ context }) => Promise.all([context.client.ensureQueryData(queries.triggers()), context.client.ensureQueryData(queries.jobs())]),
}).lazy(page(() => import('./pipelines/TriggersPage')));

const execution = createRoute({
  getParentRoute: () => root,
  path: '/pipelines/runs/$runId',
  validateSearch: (s: Raw): { step?: string | undefined; q?: string | undefined; line?: number | undefined } => ({
    step: text(s['step']), q: text(s['q']), line: wholeNumber(s['line']),
  }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.run(params.runId)),
}).lazy(page(() => import('./pipelines/ExecutionPage')));

const launch = createRoute({
  getParentRoute: () => root,
  path: '/launch',
  validateSearch: (s: Raw): { what?: string | undefined; set?: string | undefined } => ({ what: text(s['what']), set: text(s['set']) }),
}).lazy(page(() => import('./pipelines/LaunchPage')));

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  loader: ({ context }) => context.client.ensureQueryData(queries.server()),
}).lazy(page(() => import('./settings/SettingsPage')));

const users = createRoute({
  getParentRoute: () => root,
  path: '/settings/users',
  loader: ({ context }) => Promise.all([context.client.ensureQueryData(queries.session()), context.client.ensureQueryData(queries.users())]),
}).lazy(page(() => import('./settings/UsersPage')));

const keys = createRoute({
  getParentRoute: () => root,
  path: '/settings/keys',
  loader: async ({ context: { client } }) => {
    const who = await client.ensureQueryData(queries.session());
    if (!who.isOperator) await Promise.all([client.ensureQueryData(queries.keys()), client.ensureQueryData(queries.browsers())]);
  },
}).lazy(page(() => import('./settings/KeysPage')));

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: (s: Raw): CompareSearch => readCompareSearch(s),
}).lazy(page(() => import('./compare/ComparePage')));

// The list of experiments is the first page; its address without an id leads there.
const experimentsHome = createRoute({
  getParentRoute: () => root,
  path: '/experiments',
  beforeLoad: () => {
    throw redirect({ to: '/', replace: true });
  },
});

const routeTree = root.addChildren([
  home,
  experimentsHome,
  compare,
  experiment.addChildren([runs, experimentCharts, experimentArtifacts]),
  pipelines,
  triggers,
  execution,
  launch,
  settings,
  users,
  keys,
  run.addChildren([runOverview, runCharts, runMedia, runFiles, runLogs, runCode, runSystem, runLineage]),
  sweep,
  allArtifacts,
  models,
  artifact.addChildren([artifactVersion, artifactLineage, artifactCompare, artifactGates, artifactHistory]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    context: { client },
    parseSearch,
    stringifySearch: writeSearch,
    defaultPreload: 'intent',
    defaultPreloadDelay: 40,
    // Query decides what is fresh.
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    scrollRestoration: true,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: PageError,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
