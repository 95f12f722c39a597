// The route table. Every page is a file of its own, fetched when it is first needed; what a page needs from the server
// is asked for while its code is on its way. All state of a page is in its address.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { queries } from './api/queries';
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
}).lazy(() => import('./experiments/ExperimentsPage').then((page) => page.Route));

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
}).lazy(() => import('./experiments/ExperimentPage').then((page) => page.Route));

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
}).lazy(() => import('./runs/RunsPage').then((page) => page.Route));

const experimentCharts = createRoute({
  getParentRoute: () => experiment,
  path: '/charts',
  validateSearch: (s: Raw): WorkspaceSearch => readWorkspaceSearch(s),
  loaderDeps: ({ search: { filter, sort, state } }) => ({ filter, sort, state }),
  loader: ({ context, params, deps }) => {
    void context.client.prefetchInfiniteQuery(queries.runs(runsQuery(params.experimentId, deps)));
  },
}).lazy(() => import('./workspace/WorkspacePage').then((page) => page.Route));

const experimentArtifacts = createRoute({
  getParentRoute: () => experiment,
  path: '/artifacts',
  validateSearch: (s: Raw): { q?: string | undefined; type?: string | undefined } => ({ q: text(s['q']), type: text(s['type']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.artifacts(params.experimentId)),
}).lazy(() => import('./experiments/ArtifactsPage').then((page) => page.Route));

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  loader: ({ context, params }) => context.client.ensureQueryData(queries.run(params.runId)),
}).lazy(() => import('./run/RunPage').then((page) => page.Route));

const runOverview = createRoute({
  getParentRoute: () => run,
  path: '/',
  validateSearch: (s: Raw): { vs?: string | undefined } => ({ vs: text(s['vs']) }),
}).lazy(() => import('./run/OverviewTab').then((page) => page.Route));

const runCharts = createRoute({
  getParentRoute: () => run,
  path: '/charts',
  validateSearch: (s: Raw): ChartsSearch & { large?: string | undefined } => ({ ...readChartsSearch(s), large: text(s['large']) }),
  loaderDeps: ({ search: { x, from, to, q } }) => ({ x, from, to, q }),
  loader: ({ context: { client }, params: { runId }, deps: { x, from, to, q } }) => {
    const run = client.getQueryData(queries.run(runId).queryKey);
    if (run && x === undefined && q === undefined) prefetchSeries(client, runId, run.metrics.map(({ key }) => key), { from, to });
  },
}).lazy(() => import('./run/ChartsTab').then((page) => page.Route));

const runMedia = createRoute({
  getParentRoute: () => run,
  path: '/media',
  validateSearch: (s: Raw): MediaSearch => readMediaSearch(s),
}).lazy(() => import('./run/MediaTab').then((page) => page.Route));

const runFiles = createRoute({
  getParentRoute: () => run,
  path: '/files',
  validateSearch: (s: Raw): { path?: string | undefined; as?: 'text' | undefined } => ({ path: text(s['path']), as: oneOf(s['as'], ['text']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.files(params.runId)),
}).lazy(() => import('./run/FilesTab').then((page) => page.Route));

const runLogs = createRoute({
  getParentRoute: () => run,
  path: '/logs',
  validateSearch: (s: Raw): { q?: string | undefined; line?: number | undefined } => ({ q: text(s['q']), line: wholeNumber(s['line']) }),
}).lazy(() => import('./run/LogsTab').then((page) => page.Route));

const runCode = createRoute({
  getParentRoute: () => run,
  path: '/code',
  validateSearch: (s: Raw): { path?: string | undefined; as?: 'text' | undefined } => ({ path: text(s['path']), as: oneOf(s['as'], ['text']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.files(params.runId)),
}).lazy(() => import('./run/CodeTab').then((page) => page.Route));

const runSystem = createRoute({
  getParentRoute: () => run,
  path: '/system',
  validateSearch: (s: Raw): { q?: string | undefined } => ({ q: text(s['q']) }),
}).lazy(() => import('./run/SystemTab').then((page) => page.Route));

const runLineage = createRoute({
  getParentRoute: () => run,
  path: '/lineage',
  validateSearch: lineageSearch,
}).lazy(() => import('./run/LineageTab').then((page) => page.Route));

const allArtifacts = createRoute({
  getParentRoute: () => root,
  path: '/artifacts',
  validateSearch: (s: Raw): { q?: string | undefined; type?: string | undefined } => ({ q: text(s['q']), type: text(s['type']) }),
  loader: ({ context }) => context.client.ensureQueryData(queries.allArtifacts()),
}).lazy(() => import('./artifacts/ArtifactsPage').then((page) => page.Route));

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: (s: Raw): { q?: string | undefined } => ({ q: text(s['q']) }),
  loader: ({ context }) => context.client.ensureQueryData(queries.models()),
}).lazy(() => import('./models/ModelsPage').then((page) => page.Route));

const artifact = createRoute({
  getParentRoute: () => root,
  path: '/artifacts/$experimentId/$name',
  validateSearch: (s: Raw): { v?: string | undefined; move?: string | undefined; to?: string | undefined } => ({ v: text(s['v']), move: text(s['move']), to: text(s['to']) }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.artifact(params.experimentId, params.name)),
}).lazy(() => import('./artifacts/ArtifactPage').then((page) => page.Route));

const artifactVersion = createRoute({
  getParentRoute: () => artifact,
  path: '/',
  validateSearch: (s: Raw): { path?: string | undefined; as?: 'text' | undefined } => ({ path: text(s['path']), as: oneOf(s['as'], ['text']) }),
}).lazy(() => import('./artifacts/VersionTab').then((page) => page.Route));

const artifactLineage = createRoute({
  getParentRoute: () => artifact,
  path: '/lineage',
  validateSearch: lineageSearch,
}).lazy(() => import('./artifacts/LineageTab').then((page) => page.Route));

const artifactCompare = createRoute({
  getParentRoute: () => artifact,
  path: '/compare',
  validateSearch: (s: Raw): { a?: string | undefined; b?: string | undefined; path?: string | undefined } => ({ a: text(s['a']), b: text(s['b']), path: text(s['path']) }),
}).lazy(() => import('./artifacts/CompareTab').then((page) => page.Route));

const artifactHistory = createRoute({
  getParentRoute: () => artifact,
  path: '/history',
  validateSearch: (s: Raw): { alias?: string | undefined } => ({ alias: text(s['alias']) }),
}).lazy(() => import('./artifacts/HistoryTab').then((page) => page.Route));

const artifactGates = createRoute({
  getParentRoute: () => artifact,
  path: '/gates',
  validateSearch: (s: Raw): { gate?: string | undefined; on?: string | undefined } => ({ gate: text(s['gate']), on: text(s['on']) }),
  loader: ({ context, params }) => void context.client.prefetchQuery(queries.gates(params.experimentId, params.name)),
}).lazy(() => import('./artifacts/GatesTab').then((page) => page.Route));

const sweep = createRoute({
  getParentRoute: () => root,
  path: '/sweeps/$experimentId/$name',
  loader: ({ context, params }) => context.client.ensureQueryData(sweepQuery(params.experimentId, params.name)),
}).lazy(() => import('./sweeps/SweepPage').then((page) => page.Route));
const pipelines = createRoute({
  getParentRoute: () => root,
  path: '/pipelines',
  validateSearch: (s: Raw): { pipeline?: string | undefined; n?: number | undefined; q?: string | undefined } => ({ pipeline: text(s['pipeline']), n: wholeNumber(s['n']), q: text(s['q']) }),
}).lazy(() => import('./pipelines/PipelinesPage').then((page) => page.Route));

const triggers = createRoute({
  getParentRoute: () => root,
  path: '/pipelines/triggers',
  loader: ({ context }) => Promise.all([context.client.ensureQueryData(queries.triggers()), context.client.ensureQueryData(queries.jobs())]),
}).lazy(() => import('./pipelines/TriggersPage').then((page) => page.Route));

const execution = createRoute({
  getParentRoute: () => root,
  path: '/pipelines/runs/$runId',
  validateSearch: (s: Raw): { step?: string | undefined; q?: string | undefined; line?: number | undefined } => ({
    step: text(s['step']), q: text(s['q']), line: wholeNumber(s['line']),
  }),
  loader: ({ context, params }) => context.client.ensureQueryData(queries.run(params.runId)),
}).lazy(() => import('./pipelines/ExecutionPage').then((page) => page.Route));

const launch = createRoute({
  getParentRoute: () => root,
  path: '/launch',
  validateSearch: (s: Raw): { what?: string | undefined; set?: string | undefined } => ({ what: text(s['what']), set: text(s['set']) }),
}).lazy(() => import('./pipelines/LaunchPage').then((page) => page.Route));

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  loader: ({ context }) => context.client.ensureQueryData(queries.server()),
}).lazy(() => import('./settings/SettingsPage').then((page) => page.Route));

const users = createRoute({
  getParentRoute: () => root,
  path: '/settings/users',
  loader: ({ context }) => Promise.all([context.client.ensureQueryData(queries.session()), context.client.ensureQueryData(queries.users())]),
}).lazy(() => import('./settings/UsersPage').then((page) => page.Route));

const keys = createRoute({
  getParentRoute: () => root,
  path: '/settings/keys',
  loader: async ({ context: { client } }) => {
    const who = await client.ensureQueryData(queries.session());
    if (!who.isOperator) await Promise.all([client.ensureQueryData(queries.keys()), client.ensureQueryData(queries.browsers())]);
  },
}).lazy(() => import('./settings/KeysPage').then((page) => page.Route));

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: (s: Raw): CompareSearch => readCompareSearch(s),
}).lazy(() => import('./compare/ComparePage').then((page) => page.Route));

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
