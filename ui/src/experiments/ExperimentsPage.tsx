import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { ExperimentPulse, RunInfo } from '../api/types';
import { SearchBox } from '../design/SearchBox';
import { Empty } from '../design/kit';
import { StatusIcon } from '../design/Status';
import { TimeAgo } from '../design/Time';
import { count, groupThousands } from '../format/numbers';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { useRowCursor } from '../shell/useRowCursor';
import style from './experiments.module.css';
import { newcomerCommands } from './newcomer';
import { FailedLately, Promotions, RunningNow, Waiting } from './News';
import { Sparkline } from './Sparkline';

export const Route = createLazyRoute('/')({ component: ExperimentsPage });

const home = getRouteApi('/');
/** Nothing tells of new experiments by itself, so the page is asked for anew while it is looked at. */
const pace = 5_000;

function ExperimentsPage() {
  const { q = '' } = home.useSearch();
  const navigate = useNavigate();
  const { data } = useSuspenseQuery({ ...queries.home(), refetchInterval: pace });
  useTitle('Experiments');

  const shown = useMemo(() => {
    const wanted = q.toLowerCase();
    return data.experiments.filter(({ experiment }) => experiment.name.toLowerCase().includes(wanted));
  }, [data, q]);
  const runningIn = useMemo(() => countBy(data.running), [data]);
  const cursor = useRowCursor(
    shown.length,
    (row) => void navigate({ to: '/experiments/$experimentId', params: { experimentId: shown[row]!.experiment.id } }),
    (row) => document.getElementById(`experiment-${shown[row]!.experiment.id}`)?.scrollIntoView({ block: 'nearest' }),
  );
  const setQuery = (text: string) => void navigate({ to: '/', search: text ? { q: text } : {}, replace: true });

  if (data.experiments.every(({ experiment }) => experiment.runCount === 0) && data.experiments.length <= 1) return <FirstSteps />;
  return (
    <>
      <PageHead title="Experiments" />
      <div className={style.home}>
        <div>
          <div className={style.toolbar}>
            <SearchBox value={q} onChange={setQuery} placeholder="Search experiments" label="Search experiments by name" />
            <span className={style.total}>{count(shown.length, 'experiment')}</span>
          </div>
          {shown.length === 0 ? (
            <Empty icon="search" title={`No experiment's name contains “${q}”`} />
          ) : (
            <table className={`${style.table} ${style.experiments}`}>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col" className={style.right}>Runs</th>
                  <th scope="col">Running now</th>
                  <th scope="col" className={style.wide}>Last 28 days</th>
                  <th scope="col">Last activity</th>
                </tr>
              </thead>
              <tbody>
                {shown.map((pulse, i) => (
                  <Row key={pulse.experiment.id} pulse={pulse} running={runningIn.get(pulse.experiment.id) ?? 0} current={i === cursor} />
                ))}
              </tbody>
            </table>
          )}
        </div>
        <aside className={style.news} aria-label="News">
          <RunningNow runs={data.running} />
          <Waiting waiting={data.waiting} />
          <Promotions promotions={data.promotions} />
          <FailedLately failed={data.failed} />
        </aside>
      </div>
    </>
  );
}

function Row({ pulse: { experiment, started, failed }, running, current }: { pulse: ExperimentPulse; running: number; current: boolean }) {
  return (
    <tr id={`experiment-${experiment.id}`} className={current ? style.current : undefined} aria-current={current || undefined}>
      <td>
        <Link to="/experiments/$experimentId" params={{ experimentId: experiment.id }} className={style.name}>{experiment.name}</Link>
      </td>
      <td className={style.right}>{groupThousands(String(experiment.runCount))}</td>
      <td>
        {running > 0 ? <span className={style.running}><StatusIcon status="running" size={14} titled={false} /> {running} running</span> : <span className={style.none}>–</span>}
      </td>
      <td className={style.wide}><Sparkline started={started} failed={failed} /></td>
      <td>{experiment.lastRunAt ? <TimeAgo at={experiment.lastRunAt} /> : <span className={style.none}>no runs yet</span>}</td>
    </tr>
  );
}

function FirstSteps() {
  return (
    <>
      <PageHead title="Experiments" />
      <Empty icon="flask" title="Nothing has been recorded yet" commands={newcomerCommands(location.origin)}>
        <p>Run a project, or point a client you already use at this server. Its runs appear here at once.</p>
      </Empty>
    </>
  );
}

function countBy(runs: readonly RunInfo[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const run of runs) counts.set(run.experimentId, (counts.get(run.experimentId) ?? 0) + 1);
  return counts;
}
