import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { arriving } from '../arriving';
import { queries } from '../api/queries';
import { Bones, Empty } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import style from './run.module.css';
import { isSystemKey, systemSeries } from './systemSeries';

export const Route = createLazyRoute('/runs/$runId/system')({ component: SystemTab });

const page = getRouteApi('/runs/$runId/system');
const LoadChart = lazy(arriving(() => import('./LoadChart'), (m) => ({ default: m.LoadChart })));

/** What the machine did meanwhile: processor, memory, disk, network, GPUs. */
function SystemTab() {
  const { runId } = page.useParams();
  const { q = '' } = page.useSearch();
  const navigate = page.useNavigate();
  const { data: detail } = useSuspenseQuery(queries.run(runId));
  const keys = useMemo(() => detail.metrics.map(({ key }) => key).filter(isSystemKey), [detail.metrics]);
  const { data: logged } = useSuspenseQuery(queries.systemMetrics(runId, keys));
  const series = useMemo(() => systemSeries(logged.series, detail.run.startedAt), [logged, detail.run.startedAt]);
  const shown = series.filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()));
  if (series.length === 0) {
    return (
      <Empty icon="bolt" title="Nothing is known of the machine’s load">
        <p>W&amp;B’s client samples it by itself; MLflow’s does after <code>mlflow.enable_system_metrics_logging()</code>.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className={style.systemBar}><SearchBox value={q} placeholder="Search measurements" label="Search measurements" onChange={(text) => void navigate({ search: { q: text || undefined }, replace: true })} /></div>
      {shown.length === 0 ? <Empty icon="search" title={`Nothing measured has “${q}” in its name`} /> : (
        <Suspense fallback={<Bones lines={8} />}>
          <div className={style.loadGrid}>{shown.map((one) => <LoadChart key={one.name} series={one} />)}</div>
        </Suspense>
      )}
    </>
  );
}
