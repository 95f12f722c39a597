import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import style from '../charts/charts.module.css';
import { ChartGrid } from '../charts/ChartGrid';
import type { ChartsSearch } from '../charts/chartsSearch';
import { Icon } from '../design/Icon';
import { Empty, kit, Segments } from '../design/kit';
import { SearchBox } from '../design/SearchBox';

export const Route = createLazyRoute('/runs/$runId/charts')({ component: ChartsTab });

const page = getRouteApi('/runs/$runId/charts');

function ChartsTab() {
  const { runId } = page.useParams();
  const { q = '', x = 'step', scale, from, to } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.run(runId));
  const change = (part: ChartsSearch) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const shown = useMemo(() => {
    const wanted = q.toLowerCase();
    return data.metrics.filter(({ key }) => key.toLowerCase().includes(wanted));
  }, [data.metrics, q]);
  const range = useMemo(() => ({ from, to }), [from, to]);
  const zoomed = from !== undefined || to !== undefined;

  if (data.metrics.length === 0) {
    return (
      <Empty icon="chart" title="No metrics yet">
        <p>Charts appear here as soon as the run logs its first metric, and grow while it goes on.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className={style.toolbar}>
        <SearchBox value={q} onChange={(text) => change({ q: text || undefined })} placeholder="Search metrics" label="Search metrics" />
        <Segments
          label="Horizontal axis" value={x} options={[['step', 'Step'], ['relative', 'Elapsed'], ['time', 'Time']]}
          onChange={(value) => change({ x: value === 'step' ? undefined : value })}
        />
        <Segments
          label="Vertical scale" value={scale ?? 'linear'} options={[['linear', 'Linear'], ['log', 'Log']]}
          onChange={(value) => change({ scale: value === 'log' ? 'log' : undefined })}
        />
        {zoomed && (
          <button type="button" className={kit.button} onClick={() => change({ from: undefined, to: undefined })}>
            <Icon name="reset" size={14} /> Steps {from}–{to}: reset
          </button>
        )}
        <span className={style.hint}>Drag to zoom, double click to reset</span>
      </div>
      {shown.length === 0 ? <Empty icon="search" title={`No metric's name contains “${q}”`} /> : (
        <ChartGrid
          metrics={shown} runId={runId} startedAt={data.run.startedAt} x={x} log={scale === 'log'} range={range}
          onRange={(next) => change({ from: next.from, to: next.to })}
        />
      )}
    </>
  );
}
