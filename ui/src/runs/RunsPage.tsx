import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, Empty, kit } from '../design/kit';
import { newcomerCommands } from '../experiments/newcomer';
import { count } from '../format/numbers';
import { ColumnPicker } from './ColumnPicker';
import { defaultColumns, keysOf, parseColumns, writeColumns } from './columns';
import { FilterBox } from './FilterBox';
import { RunsTable } from './RunsTable';
import { runsQuery, type RunsSearch, type RunViewSearch } from './runsQuery';
import style from './runs.module.css';
import { toFlat, toTree } from './tree';

export const Route = createLazyRoute('/experiments/$experimentId/')({ component: RunsPage });

const page = getRouteApi('/experiments/$experimentId/');

function RunsPage() {
  const { experimentId } = page.useParams();
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const change = (part: Partial<RunsSearch & RunViewSearch>) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true });

  const query = useInfiniteQuery(queries.runs(runsQuery(experimentId, search)));
  const { data, error, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((p) => p.runs) ?? [], [data]);
  const keys = useMemo(() => keysOf(rows), [rows]);
  const columns = useMemo(() => parseColumns(search.cols) ?? defaultColumns(data?.pages[0]?.runs ?? []), [search.cols, data]);
  const nested = search.tree !== 'flat';
  const nodes = useMemo(() => (nested ? toTree(rows) : toFlat(rows)), [rows, nested]);

  return (
    <>
      <div className={style.toolbar}>
        <FilterBox key={search.filter ?? ''} value={search.filter ?? ''} keys={keys} onApply={(filter) => change({ filter: filter || undefined })} />
        <button
          type="button" className={kit.button} aria-pressed={nested} title="Show nested runs under the run that launched them"
          onClick={() => change({ tree: nested ? 'flat' : undefined })}
        >
          <Icon name="tree" size={14} /> Nested
        </button>
        <ColumnPicker keys={keys} columns={columns} onChange={(next) => change({ cols: next ? writeColumns(next) : undefined })} isDefault={search.cols === undefined} />
        <span className={style.total} role="status">
          {data && `${count(rows.length, 'run')}${hasNextPage ? ' and more' : ''}`}
        </span>
      </div>
      {error && <ErrorPanel error={error} onRetry={() => void query.refetch()} />}
      {!error && !data && <Bones lines={10} />}
      {!error && data && rows.length === 0 && <NoRuns experimentId={experimentId} filtered={search.filter !== undefined || search.state !== undefined} onClear={() => change({ filter: undefined, state: undefined })} />}
      {!error && rows.length > 0 && (
        <RunsTable
          nodes={nodes} columns={columns} sort={search.sort} stale={isPlaceholderData} onSort={(sort) => change({ sort })}
          onEnd={() => {
            if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
          }}
        />
      )}
    </>
  );
}

function NoRuns({ experimentId, filtered, onClear }: { experimentId: string; filtered: boolean; onClear: () => void }) {
  const { data: experiment } = useSuspenseQuery(queries.experiment(experimentId));
  if (!filtered) {
    return (
      <Empty icon="run" title="No runs in this experiment yet" commands={newcomerCommands(location.origin, experiment.name)}>
        <p>A run appears here the moment it starts, and its numbers as they are logged.</p>
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
