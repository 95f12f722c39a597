import { useInfiniteQuery, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, Empty, kit, Segments } from '../design/kit';
import { newcomerCommands } from '../experiments/newcomer';
import { count } from '../format/numbers';
import { useActions } from '../shell/actions';
import { useKeys } from '../shell/keys';
import { tell } from '../shell/toasts';
import { BulkBar } from './BulkBar';
import { ColumnPicker } from './ColumnPicker';
import { type Column, defaultColumns, groupColumns, parseColumns, parseSort, parseWidths, sortField, writeColumns, writeWidths } from './columns';
import { readIds, writeIds } from '../search';
import { both, likeFilter } from './filter';
import { FilterBox } from './FilterBox';
import { GroupPicker } from './GroupPicker';
import { HoldersContext, useHolders } from './holders';
import { runLines, groupLines, sortGroups, type TableLine } from './rows';
import { RunsTable } from './RunsTable';
import { runsMeant, runsQuery, type RunsSearch, type RunViewSearch } from './runsQuery';
import style from './runs.module.css';
import { useSelection } from './selection';
import { StateMenu } from './StateMenu';
import { toFlat, toTree } from './tree';
import { useGroupRuns } from './useGroupRuns';
import { useRunKeys } from './useRunKeys';
import { ViewsMenu } from './ViewsMenu';

export const Route = createLazyRoute('/experiments/$experimentId/')({ component: RunsPage });

const page = getRouteApi('/experiments/$experimentId/');

function RunsPage() {
  const { experimentId } = page.useParams();
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const change = (part: Partial<RunsSearch & RunViewSearch>) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  const { data: experiment } = useSuspenseQuery(queries.experiment(experimentId));
  const client = useQueryClient();
  const selection = useSelection();
  const holders = useHolders(experimentId);

  const by = useMemo(() => groupColumns(search.group), [search.group]);
  const grouped = by.length > 0;
  const query = useInfiniteQuery(queries.runs(runsQuery(experimentId, search)));
  const { data, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((p) => p.runs) ?? [], [data]);

  const { keys, told, want } = useRunKeys(experimentId, rows);

  const firstRows = data?.pages[0]?.runs;
  const columns = useMemo(() => parseColumns(search.cols) ?? defaultColumns(firstRows ?? []), [search.cols, firstRows]);
  const pinned = Math.min(search.pins ?? 0, columns.length - 1);
  const widths = useMemo(() => parseWidths(search.w), [search.w]);
  const agg = search.agg ?? 'mean';

  const nested = search.tree !== 'flat';
  const closed = useMemo(() => new Set(readIds(search.fold)), [search.fold]);
  const of = useMemo(() => (grouped ? columns.filter((column) => column.kind !== 'attribute' || column.id === 'jobType' || column.id === 'author') : []), [grouped, columns]);
  const meant = useMemo(() => runsMeant(experimentId, search), [experimentId, search]);
  const groups = useQuery({ ...queries.runGroups(meant, by.map((c) => sortField(c)!), of.map((c) => sortField(c)!)), enabled: grouped });
  const within = useGroupRuns(experimentId, search, by, search.open);
  const lines = useMemo(
    () => (grouped ? groupLines(sortGroups(groups.data?.groups ?? [], parseSort(search.sort)[0], by, of, agg), within.runsOf) : runLines(nested ? toTree(rows) : toFlat(rows), closed)),
    [grouped, groups.data, search.sort, by, of, agg, within.runsOf, nested, rows, closed],
  );

  const setColumns = (next: readonly Column[] | null, pins = pinned) => change(next ? { cols: writeColumns(next), pins: pins || undefined } : { cols: undefined, pins: undefined, w: undefined });
  const setGroup = (next: readonly Column[]) => change({ group: writeIds(next.map(({ id }) => id)) || undefined, open: undefined });
  const toggleOpen = ({ kind, id }: TableLine) => {
    const name = kind === 'group' ? 'open' : 'fold';
    void navigate({ search: (before) => ({ ...before, [name]: toggleId(before[name], id) }), replace: true, resetScroll: false });
  };
  const compare = useCompare(selection.selected);
  useKeys({ c: compare, Escape: () => selection.select([]) });
  useActions('Runs', [
    { name: 'Compare the chosen runs', keys: 'c', run: compare, enabled: selection.selected.length > 1 },
    { name: nested ? 'Show runs flat' : 'Show nested runs under their parents', run: () => change({ tree: nested ? 'flat' : undefined }) },
    { name: 'Choose no run', keys: 'Esc', run: () => selection.select([]), enabled: selection.selected.length > 0 || selection.all },
    { name: 'Show deleted runs', run: () => change({ state: 'deleted' }) },
    { name: 'Show archived runs', run: () => change({ state: 'archived' }) },
  ]);

  const error = grouped ? groups.error : query.error;
  const isHere = grouped ? groups.data !== undefined : data !== undefined;
  const isEmpty = isHere && (grouped ? groups.data!.totalRuns === 0 : rows.length === 0);
  const filtered = search.filter !== undefined || search.state !== undefined;
  return (
    <>
      <div className={style.toolbar}>
        <FilterBox
          key={search.filter ?? ''} experimentId={experimentId} value={search.filter ?? ''} keys={keys} onNeedKeys={want}
          onApply={(filter) => change({ filter: filter || undefined })}
        />
        <div className={style.tools}>
          <StateMenu state={search.state} onChange={(state) => change({ state, sel: undefined })} />
          <GroupPicker keys={keys} by={by} onChange={setGroup} onOpen={want} />
          {!grouped && (
            <button
              type="button" className={kit.button} aria-pressed={nested} title="Show nested runs under the run that launched them"
              onClick={() => change({ tree: nested ? 'flat' : undefined })}
            >
              <Icon name="tree" size={14} /> Nested
            </button>
          )}
          <ColumnPicker keys={keys} counts={told} columns={columns} pinned={pinned} onChange={setColumns} isDefault={search.cols === undefined} onOpen={want} />
          <ViewsMenu experimentId={experimentId} />
        </div>
        <span className={style.total} role="status">
          {grouped ? groups.data && `${count(groups.data.totalGroups, 'group')} of ${count(groups.data.totalRuns, 'run')}` : data && total(rows.length, hasNextPage, filtered ? null : experiment.runCount)}
        </span>
      </div>
      {grouped && groups.data && groups.data.totalGroups > 0 && (
        <div className={style.groupBar}>
          <span>Groups show the</span>
          <Segments label="What groups show" value={agg} options={[['mean', 'mean'], ['min', 'least'], ['max', 'greatest'], ['count', 'count']]} onChange={(next) => change({ agg: next === 'mean' ? undefined : next })} />
          {groups.data.groups.length < groups.data.totalGroups && <span>These are the {groups.data.groups.length} largest groups.</span>}
        </div>
      )}
      <BulkBar
        experimentId={experimentId} selection={selection} state={search.state} meant={meant} loaded={rows} hasMore={hasNextPage}
        onCompare={compare} onDone={() => client.invalidateQueries({ queryKey: ['runs', [experimentId]] })}
      />
      {error && <ErrorPanel error={error} onRetry={() => void (grouped ? groups.refetch() : query.refetch())} />}
      {!error && !isHere && <Bones lines={10} />}
      {!error && isEmpty && <NoRuns experimentId={experimentId} filtered={filtered} onClear={() => change({ filter: undefined, state: undefined })} />}
      {!error && isHere && !isEmpty && (
        <HoldersContext value={holders}><RunsTable
          lines={lines} columns={columns} pinned={pinned} widths={widths} sort={search.sort} by={by} of={of} agg={agg} selection={selection}
          stale={grouped ? groups.isPlaceholderData : isPlaceholderData} onSort={(sort) => change({ sort })} onColumns={setColumns}
          onWidth={(column, width) => {
            const next = new Map(widths);
            if (width === null) next.delete(column.id);
            else next.set(column.id, width);
            change({ w: writeWidths(next) });
          }}
          onLike={(column, row) => {
            const like = likeFilter(column, row);
            if (like) change({ filter: both(search.filter, like) });
          }}
          onGroupBy={(column) => setGroup([...by, column])} onOpen={toggleOpen} onMore={within.more}
          onSelectGroup={(id) => void within.allOf(id).then((ids) => selection.select([...selection.selected, ...ids]))}
          onEnd={() => {
            if (!grouped && hasNextPage && !isFetchingNextPage) void fetchNextPage();
          }}
        /></HoldersContext>
      )}
    </>
  );
}

function useCompare(ids: readonly string[]): () => void {
  const navigate = useNavigate();
  return () => {
    if (ids.length < 2) tell({ text: 'Choose two runs or more to compare them: x chooses the run at the cursor.' });
    else void navigate({ to: '/compare', search: { runs: ids.join(',') } });
  };
}

/** A list of the address with an id more, or less where it was there. */
function toggleId(list: string | undefined, id: string): string | undefined {
  const ids = readIds(list);
  return writeIds(ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]) || undefined;
}

function total(loaded: number, more: boolean, all: number | null): string {
  if (!more) return count(loaded, 'run');
  return all !== null && all > loaded ? count(all, 'run') : `${count(loaded, 'run')} and more`;
}

function NoRuns({ experimentId, filtered, onClear }: { experimentId: string; filtered: boolean; onClear: () => void }) {
  const { data: experiment } = useSuspenseQuery(queries.experiment(experimentId));
  if (!filtered) {
    return (
      <Empty icon="run" title={experiment.runCount > 0 ? 'All runs of this experiment are archived' : 'No runs in this experiment yet'} commands={experiment.runCount > 0 ? [] : newcomerCommands(location.origin, experiment.name)}>
        {experiment.runCount === 0 && <p>A run appears here the moment it starts, and its numbers as they are logged.</p>}
      </Empty>
    );
  }
  return (
    <Empty icon="search" title="No run matches the filter">
      <p>A comparison with something that a run has not logged is false, even for “!=”.</p>
      <button type="button" className={kit.button} onClick={onClear}>Clear the filter</button>
    </Empty>
  );
}
