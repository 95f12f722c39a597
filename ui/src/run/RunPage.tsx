import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo } from 'react';
import { api } from '../api/client';
import { useLiveRun } from '../api/live';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { groupThousands } from '../format/numbers';
import { Chip, Person } from '../design/kit';
import { StatusBadge } from '../design/Status';
import { Duration, TimeAgo } from '../design/Time';
import { LogStore } from '../logs/LogStore';
import { HolderChip, holdersOf } from '../runs/holders';
import { PageHead, Tabs } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { isChain } from './chain';
import { isSystemKey } from './systemSeries';
import { StopButton } from './StopButton';
import { LogStoreContext } from './logStoreContext';

export const Route = createLazyRoute('/runs/$runId')({ component: RunPage });

const page = getRouteApi('/runs/$runId');

/** Head and tabs of a run. It listens to the run's events for all of its tabs. */
function RunPage() {
  const { runId } = page.useParams();
  return <OneRun key={runId} runId={runId} />;
}

function OneRun({ runId }: { runId: string }) {
  const { data } = useSuspenseQuery(queries.run(runId));
  const { run, parent } = data;
  const logs = useMemo(() => new LogStore((after, limit, signal) => api.logs(runId, after, limit, signal), data.logLines), [runId]);
  useEffect(() => () => logs.stop(), [logs]);
  useLiveRun(runId, useCallback(() => void logs.refresh(), [logs]));
  useTitle(run.name, run.experimentName);

  const holders = useMemo(() => holdersOf(data.outputs.map(({ version }) => ({ version, loggedBy: [run] }))).get(runId) ?? [], [data.outputs, run, runId]);
  const media = useMemo(() => new Set(data.media.map((m) => m.key)).size, [data.media]);
  return (
    <>
      <PageHead
        crumbs={[
          <Link key="home" to="/">Experiments</Link>,
          <Link key="experiment" to="/experiments/$experimentId" params={{ experimentId: run.experimentId }}>{run.experimentName}</Link>,
          ...(parent ? [<Link key="parent" to="/runs/$runId" params={{ runId: parent.id }}>{parent.name}</Link>] : []),
        ]}
        title={run.name}
        badge={<><StatusBadge status={run.status} />{run.state === 'deleted' && <Chip>deleted</Chip>}{run.jobType && <Chip title="Job type">{run.jobType}</Chip>}{holders.map((holder) => <HolderChip key={`${holder.version.name} ${holder.alias}`} holder={holder} />)}</>}
        actions={<StopButton detail={data} />}
        facts={
          <>
            <span title="Author"><Person name={run.author ?? 'unknown'} /></span>
            <span><Icon name="clock" size={14} /> started <TimeAgo at={run.startedAt} /></span>
            {run.status !== 'scheduled' && <span>{run.endedAt ? 'took' : 'running for'} <Duration from={run.startedAt} to={run.endedAt} /></span>}
          </>
        }
      />
      <Tabs label="Parts of the run">
        <Link to="/runs/$runId" params={{ runId }} activeOptions={{ exact: true, includeSearch: false }}><Icon name="info" size={15} /> Overview</Link>
        {isChain(data) && <Link to="/pipelines/runs/$runId" params={{ runId }}><Icon name="lineage" size={15} /> Steps</Link>}
        <Link to="/runs/$runId/charts" params={{ runId }} activeOptions={{ includeSearch: false }}><Icon name="chart" size={15} /> Charts <span>{data.metrics.filter(({ key }) => !isSystemKey(key)).length}</span></Link>
        {(media > 0 || laidAmongFiles(data.tags)) && <Link to="/runs/$runId/media" params={{ runId }} activeOptions={{ includeSearch: false }}><Icon name="image" size={15} /> Media {media > 0 && <span>{media}</span>}</Link>}
        <Link to="/runs/$runId/files" params={{ runId }} activeOptions={{ includeSearch: false }}><Icon name="file" size={15} /> Files</Link>
        <Link to="/runs/$runId/logs" params={{ runId }} activeOptions={{ includeSearch: false }}><Icon name="terminal" size={15} /> Logs <span>{groupThousands(String(data.logLines))}</span></Link>
        <Link to="/runs/$runId/code" params={{ runId }} activeOptions={{ includeSearch: false }}><Icon name="git" size={15} /> Code</Link>
        {data.metrics.some(({ key }) => isSystemKey(key)) && <Link to="/runs/$runId/system" params={{ runId }} activeOptions={{ includeSearch: false }}><Icon name="bolt" size={15} /> System</Link>}
        {(data.inputs.length > 0 || data.outputs.length > 0) && <Link to="/runs/$runId/lineage" params={{ runId }} activeOptions={{ includeSearch: false }}><Icon name="lineage" size={15} /> Lineage</Link>}
      </Tabs>
      <LogStoreContext value={logs}><Outlet /></LogStoreContext>
    </>
  );
}

/** MLflow's clients lay pictures and tables among the files, and say so. */
const laidAmongFiles = (tags: Readonly<Record<string, string>>): boolean => 'mlflow.loggedImages' in tags || 'mlflow.loggedArtifacts' in tags;
