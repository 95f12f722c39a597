import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { ExperimentInfo, RunInfo } from '../api/types';
import { SearchBox } from '../design/SearchBox';
import { Empty, Person } from '../design/kit';
import { StatusIcon } from '../design/Status';
import { Duration, TimeAgo } from '../design/Time';
import { count } from '../format/numbers';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { useRowCursor } from '../shell/useRowCursor';
import style from './experiments.module.css';
import { newcomerCommands } from './newcomer';

export const Route = createLazyRoute('/')({ component: ExperimentsPage });

const home = getRouteApi('/');
/** Nothing tells of new experiments by itself, so the list is asked for anew while it is looked at. */
const pace = 5_000;

function ExperimentsPage() {
  const { q = '' } = home.useSearch();
  const navigate = useNavigate();
  const { data } = useSuspenseQuery({ ...queries.experiments(), refetchInterval: pace });
  const running = useQuery({ ...queries.running(), refetchInterval: pace }).data?.runs;
  useTitle('Experiments');

  const shown = useMemo(() => {
    const wanted = q.toLowerCase();
    return data.experiments.filter((e) => e.name.toLowerCase().includes(wanted));
  }, [data, q]);
  const runningIn = useMemo(() => countBy(running?.map((row) => row.run) ?? []), [running]);
  const cursor = useRowCursor(
    shown.length,
    (row) => void navigate({ to: '/experiments/$experimentId', params: { experimentId: shown[row]!.id } }),
    (row) => document.getElementById(`experiment-${shown[row]!.id}`)?.scrollIntoView({ block: 'nearest' }),
  );
  const setQuery = (text: string) => void navigate({ to: '/', search: text ? { q: text } : {}, replace: true });

  if (data.experiments.every((e) => e.runCount === 0) && data.experiments.length <= 1) return <FirstSteps />;
  return (
    <>
      <PageHead title="Experiments" />
      {running && running.length > 0 && <RunningNow runs={running.map((row) => row.run)} />}
      <div className={style.toolbar}>
        <SearchBox value={q} onChange={setQuery} placeholder="Search experiments" label="Search experiments by name" />
        <span className={style.total}>{count(shown.length, 'experiment')}</span>
      </div>
      {shown.length === 0 ? (
        <Empty icon="search" title={`No experiment's name contains “${q}”`} />
      ) : (
        <table className={style.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className={style.right}>Runs</th>
              <th scope="col">Running now</th>
              <th scope="col">Last activity</th>
              <th scope="col" className={style.wide}>Created</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((experiment, i) => (
              <Row key={experiment.id} experiment={experiment} running={runningIn.get(experiment.id) ?? 0} current={i === cursor} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Row({ experiment, running, current }: { experiment: ExperimentInfo; running: number; current: boolean }) {
  return (
    <tr id={`experiment-${experiment.id}`} className={current ? style.current : undefined} aria-current={current || undefined}>
      <td>
        <Link to="/experiments/$experimentId" params={{ experimentId: experiment.id }} className={style.name}>{experiment.name}</Link>
      </td>
      <td className={style.right}>{experiment.runCount}</td>
      <td>
        {running > 0 ? <span className={style.running}><StatusIcon status="running" size={14} titled={false} /> {running} running</span> : <span className={style.none}>–</span>}
      </td>
      <td>{experiment.lastRunAt ? <TimeAgo at={experiment.lastRunAt} /> : <span className={style.none}>no runs yet</span>}</td>
      <td className={style.wide}><TimeAgo at={experiment.createdAt} /></td>
    </tr>
  );
}

function RunningNow({ runs }: { runs: RunInfo[] }) {
  return (
    <section className={style.now} aria-labelledby="running-now">
      <h2 id="running-now">Running now</h2>
      <ul>
        {runs.slice(0, 8).map((run) => (
          <li key={run.id}>
            <Link to="/runs/$runId" params={{ runId: run.id }}>
              <StatusIcon status={run.status} />
              <span className={style.nowName} title={run.name}>{run.name}</span>
              <span className={style.nowTime}><Duration from={run.startedAt} to={null} /></span>
              <span className={style.nowWhere} title={run.experimentName}>{run.experimentName}</span>
              <span className={style.nowWho}><Person name={run.author} /></span>
            </Link>
          </li>
        ))}
      </ul>
      {runs.length > 8 && <p className={style.none}>and {runs.length - 8} more</p>}
    </section>
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
