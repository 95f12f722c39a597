import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import { ChartGrid } from '../charts/ChartGrid';
import { ChartsBar } from '../charts/ChartsBar';
import { type ChartsSearch, toLook } from '../charts/look';
import { Empty } from '../design/kit';
import { runWords } from '../runs/RunLabel';
import { isSystemKey } from './systemSeries';

export const Route = createLazyRoute('/runs/$runId/charts')({ component: ChartsTab });

const page = getRouteApi('/runs/$runId/charts');

function ChartsTab() {
  const { runId } = page.useParams();
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.run(runId));
  const change = (part: Partial<ChartsSearch & { large?: string | undefined }>) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  // The machine's load has a tab of its own.
  const metrics = useMemo(() => data.metrics.map(({ key }) => key).filter((key) => !isSystemKey(key)), [data.metrics]);
  const { q = '' } = search;
  const shown = useMemo(() => metrics.filter((key) => key.toLowerCase().includes(q.toLowerCase())), [metrics, q]);
  const { name, jobType, startedAt } = data.run;
  const runs = useMemo(() => [{ id: runId, label: runWords({ name, jobType: jobType ?? null }).main, color: 'var(--chart-1)', startedAt }], [runId, name, jobType, startedAt]);
  const scope = useMemo(() => ['run', runId], [runId]);

  if (metrics.length === 0) {
    return (
      <Empty icon="chart" title="No metrics yet">
        <p>Charts appear here as soon as the run logs its first metric, and grow while it goes on.</p>
      </Empty>
    );
  }
  return (
    <>
      <ChartsBar search={search} metrics={metrics} onChange={change} />
      {shown.length === 0 ? <Empty icon="search" title={`No metric's name contains “${q}”`} /> : (
        <ChartGrid
          keys={shown} scope={scope} runs={runs} look={toLook(search)} onRange={({ from, to }) => change({ from, to })}
          large={search.large} onLarge={(key) => change({ large: key === search.large ? undefined : key })}
        />
      )}
    </>
  );
}
