import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { RunRow } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones, Chip, Empty, kit, Person } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import { StatusIcon } from '../design/Status';
import { Duration, TimeAgo } from '../design/Time';
import list from '../experiments/experiments.module.css';
import { count } from '../format/numbers';
import { useTitle } from '../shell/title';
import { useRowCursor } from '../shell/useRowCursor';
import { type Chain, chainsOf } from './chains';
import { PipelinesHead } from './PipelinesHead';
import style from './pipelines.module.css';
import { countStates, statesInTags } from './steps';
import { StepIcon, stateWords } from './StepState';

export const Route = createLazyRoute('/pipelines')({ component: PipelinesPage });

const page = getRouteApi('/pipelines');
const first = 100;
const step = 200;

/** Runs of pipelines, newest first. */
function PipelinesPage() {
  const { pipeline, n = first, q = '' } = page.useSearch();
  const navigate = page.useNavigate();
  const query = useQuery({ ...queries.executions(pipeline, n), refetchInterval: 5_000 });
  const projects = useQuery({ ...queries.projects(), refetchInterval: 5_000 });
  const all = useMemo(() => rowsOf(query.data?.runs ?? [], projects.data?.runs ?? [], pipeline), [query.data, projects.data, pipeline]);
  const runs = useMemo(() => {
    const wanted = q.toLowerCase();
    return all.filter(({ row: { run }, name }) => `${run.name} ${name} ${run.author ?? ''} ${run.status} ${run.experimentName}`.toLowerCase().includes(wanted));
  }, [all, q]);
  useTitle('Pipelines');
  const cursor = useRowCursor(runs.length, (row) => void navigate({ to: '/pipelines/runs/$runId', params: { runId: runs[row]!.row.run.id } }));
  return (
    <>
      <PipelinesHead />
      {pipeline && (
        <p className={style.only}>
          <Chip tone="soft">{pipeline}</Chip> <Link to="/pipelines" search={{}}>Show all pipelines</Link>
        </p>
      )}
      {(all.length > 0 || q !== '') && (
        <div className={list.toolbar}>
          <SearchBox value={q} placeholder="Run, pipeline, author or state" label="Search the runs of pipelines" onChange={(text) => void navigate({ search: (before) => ({ ...before, q: text || undefined }), replace: true, resetScroll: false })} />
          <span className={list.total}>{count(runs.length, 'run')}</span>
        </div>
      )}
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {(!query.data || (projects.isPending && all.length === 0)) && !query.error && <Bones lines={6} />}
      {query.data && !projects.isPending && all.length === 0 && (
        <Empty icon="lineage" title="No pipeline has run yet" commands={['cairn pipeline run path/to/folder']}>
          <p>A <code>pipeline.yaml</code> ties projects together; only the steps that changed run again.</p>
        </Empty>
      )}
      {all.length > 0 && runs.length === 0 && <Empty icon="search" title={`No run of a pipeline tells of “${q}”`} />}
      {runs.length > 0 && (
        <table className={list.table}>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Pipeline</th>
              <th scope="col" className={list.wide}>Steps</th>
              <th scope="col" className={list.wide}>By</th>
              <th scope="col">Started</th>
              <th scope="col" className={list.wide}>Took</th>
            </tr>
          </thead>
          <tbody>{runs.map((one, i) => <Row key={one.row.run.id} {...one} current={i === cursor} />)}</tbody>
        </table>
      )}
      {query.data?.nextPageToken && (
        <p className={style.hint}>
          <button type="button" className={kit.button} disabled={query.isFetching} onClick={() => void navigate({ search: (s) => ({ ...s, n: n + step }), replace: true, resetScroll: false })}>Show older runs</button>
        </p>
      )}
    </>
  );
}

/** Runs of pipelines, and of chains that start their components themselves; newest first. */
function rowsOf(pipelines: readonly RunRow[], projects: readonly RunRow[], only: string | undefined): Chain[] {
  const declared = pipelines.map((row): Chain => ({ row, name: row.tags['cairn.pipeline.name'] ?? '', states: statesInTags(row.tags) }));
  const chains = chainsOf(projects).filter(({ name }) => only === undefined || name === only);
  return [...declared, ...chains].sort((a, b) => b.row.run.startedAt - a.row.run.startedAt);
}

function Row({ row: { run }, name: pipeline, states, current }: Chain & { current: boolean }) {
  return (
    <tr className={current ? list.current : undefined} aria-current={current || undefined}>
      <td>
        <Link to="/pipelines/runs/$runId" params={{ runId: run.id }} className={`${list.name} ${list.named}`}>
          <StatusIcon status={run.status} /> <span>{run.name}</span>
        </Link>
      </td>
      <td><Link to="/pipelines" search={{ pipeline }} className={style.quiet}>{pipeline}</Link></td>
      <td className={list.wide}>
        <span className={style.counts}>
          {countStates(states).map(({ state, count }) => (
            <span key={state} title={`${count} ${stateWords[state]}`} className={style[state]}><StepIcon state={state} size={14} /> {count}</span>
          ))}
        </span>
      </td>
      <td className={list.wide}><Person name={run.author} /></td>
      <td><TimeAgo at={run.startedAt} /></td>
      <td className={list.wide}><Duration from={run.startedAt} to={run.endedAt} /></td>
    </tr>
  );
}

