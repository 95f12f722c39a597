import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { queries } from '../api/queries';
import type { RunRow } from '../api/types';
import { ChartGrid } from '../charts/ChartGrid';
import { ChartsBar } from '../charts/ChartsBar';
import { toLook } from '../charts/look';
import type { ChartRun } from '../charts/useLines';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, Empty, kit } from '../design/kit';
import { count } from '../format/numbers';
import { newcomerCommands } from '../experiments/newcomer';
import { keysOf } from '../runs/columns';
import { FilterBox } from '../runs/FilterBox';
import { colorCount } from '../runs/runColors';
import { runWords } from '../runs/RunLabel';
import { MediaBoard } from '../media/MediaBoard';
import table from '../runs/runs.module.css';
import type { RunViewSearch } from '../runs/runsQuery';
import { useRunColors, useSelection } from '../runs/selection';
import { StateMenu } from '../runs/StateMenu';
import { useRunKeys } from '../runs/useRunKeys';
import { useActions } from '../shell/actions';
import { useKeys } from '../shell/keys';
import { ViewsMenu } from '../runs/ViewsMenu';
import { AddPanel, type Columns } from './AddPanel';
import { PanelCard } from './PanelCard';
import { type Brushes, parseBrushes, parsePanels, writeBrushes, writePanels } from './panels';
import { RunsList } from './RunsList';
import type { Dot } from './ScatterPanel';
import { useRuns } from './useRuns';
import { axisOf, columnTitle, placeOf, valueOf, varyingColumns } from './values';
import style from './workspace.module.css';
import { defaultRuns, joinNames, splitNames, type WorkspaceSearch } from './workspaceSearch';

export const Route = createLazyRoute('/experiments/$experimentId/charts')({ component: WorkspacePage });

const page = getRouteApi('/experiments/$experimentId/charts');
const counts = [10, 25, 50, 100, 250, 500, 1000];
const comparedAtMost = 20;
const facts = ['author', 'jobType', 'status', 'started', 'duration'];

function WorkspacePage() {
  const { experimentId } = page.useParams();
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const open = useNavigate();
  const { data: experiment } = useSuspenseQuery(queries.experiment(experimentId));
  const selection = useSelection();
  const wanted = search.n ?? defaultRuns;
  const { rows, error, isPending, isMore, retry } = useRuns(experimentId, search, selection, wanted);
  const { keys, want } = useRunKeys(experimentId, rows);
  const change = useCallback(
    (part: Partial<WorkspaceSearch & RunViewSearch>) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false }), [navigate],
  );

  const colors = useRunColors(useMemo(() => rows.map(({ run }) => run.id), [rows]));
  const dots = useMemo<readonly Dot[]>(() => labelled(rows).map(({ row, label }) => ({ row, label, color: colors.get(row.run.id)! })), [rows, colors]);
  const columns = useMemo<Columns>(() => {
    const held = keysOf(rows);
    return {
      params: varyingColumns(rows, held.params.map((key) => `params.${key}`)),
      metrics: held.metrics.map((key) => `metrics.${key}`),
      others: varyingColumns(rows, [...facts, ...held.tags.filter((key) => !key.startsWith('mlflow.')).map((key) => `tags.${key}`)]),
    };
  }, [rows]);
  const metrics = useMemo(() => columns.metrics.map(columnTitle), [columns]);

  const brushes = useMemo(() => parseBrushes(search.brush), [search.brush]);
  const isKept = useMemo(() => keeper(rows, brushes), [rows, brushes]);
  const kept = useMemo(() => dots.filter(({ row }) => selection.isShown(row.run.id) && isKept(row.run.id)), [dots, selection, isKept]);
  const drawn = useMemo(() => dots.filter(({ row }) => selection.isShown(row.run.id)), [dots, selection]);
  const runs = useMemo<readonly ChartRun[]>(
    () => dots.map(({ row: { run, metrics: latest }, label, color }) => ({ id: run.id, label, color, startedAt: run.startedAt, latest, isHidden: !selection.isShown(run.id) || !isKept(run.id) })),
    [dots, selection, isKept],
  );
  const board = useMemo(() => kept.map(({ row, label, color }) => ({ id: row.run.id, label, color, tags: row.tags })), [kept]);
  const grouping = useMemo(() => groupingOf(rows, search.group), [rows, search.group]);
  const panels = useMemo(() => parsePanels(search.panels), [search.panels]);
  const closed = useMemo(() => splitNames(search.closed), [search.closed]);
  const scope = useMemo(() => ['runs', [experimentId]], [experimentId]);
  const { q = '' } = search;
  const shown = useMemo(() => metrics.filter((key) => key.toLowerCase().includes(q.toLowerCase())), [metrics, q]);
  const brush = (column: string, range: readonly [number, number] | null) => {
    const next = new Map(brushes);
    if (range) next.set(column, range);
    else next.delete(column);
    change({ brush: writeBrushes(next) });
  };

  // Those that are drawn now, as far as a comparison stays readable.
  const compare = () => void open({ to: '/compare', search: { runs: kept.slice(0, comparedAtMost).map(({ row }) => row.run.id).join(',') } });
  const zoomOut = () => change({ from: undefined, to: undefined });
  const actions = [
    { name: 'Compare the drawn runs', keys: 'c', run: compare, enabled: kept.length > 1 },
    { name: 'Show the whole axis', keys: 'z', run: zoomOut, enabled: search.from !== undefined || search.to !== undefined },
    { name: 'Keep all runs', run: () => change({ brush: undefined }), enabled: brushes.size > 0 },
  ];
  useActions('Charts', actions);
  useKeys({ c: compare, z: zoomOut });

  const filter = (
    <div className={table.toolbar}>
      <FilterBox
        key={search.filter ?? ''} experimentId={experimentId} value={search.filter ?? ''} keys={keys} onNeedKeys={want}
        onApply={(typed) => change({ filter: typed || undefined })}
      />
      <StateMenu state={search.state} onChange={(state) => change({ state, sel: undefined })} />
      <ViewsMenu experimentId={experimentId} page="charts" />
    </div>
  );
  if (error) return <>{filter}<ErrorPanel error={error} onRetry={retry} /></>;
  if (isPending) return <>{filter}<Bones lines={10} /></>;
  if (rows.length === 0) {
    const isFiltered = search.filter !== undefined || search.state !== undefined;
    return (
      <>
        {filter}
        {isFiltered ? (
          <Empty icon="search" title="No run matches the filter">
            <p>A comparison with something that a run has not logged is false, even for “!=”.</p>
            <button type="button" className={kit.button} onClick={() => change({ filter: undefined, state: undefined })}>Clear the filter</button>
          </Empty>
        ) : (
          <Empty icon="chart" title="No runs to draw yet" commands={newcomerCommands(location.origin, experiment.name)}>
            <p>Charts of the runs of this experiment stand here, beside each other and over each other, as soon as one logs a metric.</p>
          </Empty>
        )}
      </>
    );
  }
  return (
    <>
      {filter}
      <div className={style.page}>
        <RunsList
          dots={dots} selection={selection} isKept={isKept} total={isMore ? (search.filter === undefined && search.state === undefined ? experiment.runCount : null) : rows.length} wanted={wanted} counts={counts}
          onCount={(n) => change({ n: n === defaultRuns ? undefined : n })}
        />
        <div>
          <ChartsBar search={search} metrics={metrics} onChange={change} isFirst={false}>
            <label className={style.group} title="One line for each group: the mean of its runs, with a band from the least to the greatest">
              <span>Group by</span>
              <select value={search.group ?? ''} onChange={(event) => change({ group: event.target.value || undefined })}>
                <option value="">nothing</option>
                {[...columns.params, ...columns.others].map((column) => <option key={column} value={column}>{columnTitle(column)}</option>)}
              </select>
            </label>
            <AddPanel columns={columns} onAdd={(panel) => change({ panels: writePanels([...panels, panel]) })} />
          </ChartsBar>
          {brushes.size > 0 && (
            <p className={style.brush} role="status">
              <span>{count(kept.length, 'run')} of {drawn.length} kept by {[...brushes.keys()].map(columnTitle).join(', ')}</span>
              <button type="button" className={kit.button} onClick={() => void navigate({ search: (before) => ({ ...before, brush: undefined, sel: kept.map(({ row }) => row.run.id).join(',') || undefined }) })}>Choose these runs</button>
              <button type="button" className={kit.button} onClick={() => change({ brush: undefined })}><Icon name="reset" size={14} /> Keep all</button>
            </p>
          )}
          {panels.length > 0 && (
            <div className={style.panels}>
              {panels.map((panel, i) => (
                <PanelCard
                  key={`${i} ${panel.kind} ${panel.columns.join(' ')}`} panel={panel} dots={drawn} kept={kept} params={columns.params} brushes={brushes} onBrush={brush} isKept={isKept}
                  onRemove={() => change({ panels: writePanels(panels.filter((_, at) => at !== i)) })}
                  onPick={(id) => void open({ to: '/runs/$runId', params: { runId: id } })}
                />
              ))}
            </div>
          )}
          {metrics.length === 0 && <Empty icon="chart" title="These runs have logged no metrics" />}
          {metrics.length > 0 && shown.length === 0 && <Empty icon="search" title={`No metric's name contains “${q}”`} />}
          <ChartGrid
            keys={shown} flat={q !== ''} scope={scope} runs={runs} look={toLook(search)} grouping={grouping} onRange={({ from, to }) => change({ from, to })}
            closed={closed} large={search.large} onLarge={(key) => change({ large: key === search.large ? undefined : key })}
            onToggle={(section) => {
              const next = new Set(closed);
              if (!next.delete(section)) next.add(section);
              change({ closed: joinNames(next) });
            }}
          />
          <MediaBoard scope={scope} runs={board} search={search} q={q} onChange={change} />
        </div>
      </div>
    </>
  );
}

/** What tells the runs apart: their names, and where they are of several kinds, the kind of their work as well. */
function labelled(rows: readonly RunRow[]): { row: RunRow; label: string }[] {
  const words = rows.map(({ run }) => runWords(run));
  const isOneKind = new Set(words.map(({ main }) => main)).size === 1 && rows.length > 1;
  return rows.map((row, i) => {
    const { main, more } = words[i]!;
    return { row, label: more === null ? main : isOneKind || more.startsWith(main) ? more : `${main} ${more}` };
  });
}

/** Whether a run passes everywhere where something is kept. */
function keeper(rows: readonly RunRow[], brushes: Brushes): (id: string) => boolean {
  if (brushes.size === 0) return () => true;
  const out = new Set<string>();
  for (const [column, [low, high]] of brushes) {
    const values = rows.map((row) => valueOf(row, column));
    const axis = axisOf(values);
    rows.forEach(({ run }, i) => {
      const place = placeOf(axis, values[i]!);
      if (place === null || place < low - 1e-4 || place > high + 1e-4) out.add(run.id);
    });
  }
  return (id) => !out.has(id);
}

function groupingOf(rows: readonly RunRow[], column: string | undefined) {
  if (column === undefined) return null;
  const names = new Map(rows.map((row) => [row.run.id, String(valueOf(row, column) ?? 'none')]));
  const order = [...new Set(names.values())].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const colors = new Map(order.map((name, i) => [name, `var(--run-${i % colorCount})`]));
  return (id: string) => {
    const name = names.get(id) ?? 'none';
    return { name: `${columnTitle(column)} ${name}`, color: colors.get(name) ?? 'var(--run-0)' };
  };
}
