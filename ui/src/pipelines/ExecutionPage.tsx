import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api } from '../api/client';
import { useLiveRun } from '../api/live';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { Card, Empty, kit, Person } from '../design/kit';
import { StatusBadge } from '../design/Status';
import { Duration, TimeAgo } from '../design/Time';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { tell } from '../shell/toasts';
import { Gantt } from './Gantt';
import style from './pipelines.module.css';
import { StepGraph } from './StepGraph';
import { StepPanel } from './StepPanel';
import { countStates, readSteps } from './steps';
import { StepWord } from './StepState';
import { useMadeBy } from './useMadeBy';

export const Route = createLazyRoute('/pipelines/runs/$runId')({ component: ExecutionPage });

const page = getRouteApi('/pipelines/runs/$runId');

/** A run of a pipeline: its steps as a graph and against the clock, and one of them in detail. */
function ExecutionPage() {
  const { runId } = page.useParams();
  const { step: asked, q = '', line } = page.useSearch();
  const navigate = page.useNavigate();
  // A step's begin is a new run below this one, which this run's events do not tell.
  const live = (status: string | undefined) => status === 'running' || status === 'scheduled';
  const { data } = useSuspenseQuery({ ...queries.run(runId), refetchInterval: ({ state }) => (live(state.data?.run.status) ? 2_000 : false) });
  useLiveRun(runId);
  const { run } = data;
  const name = data.tags['cairn.pipeline.name'] ?? run.jobType ?? 'pipeline';
  useTitle(run.name, name);
  const steps = useMadeBy(useMemo(() => readSteps(data), [data]));
  const isGraph = steps.some(({ needs }) => needs.length > 0);
  const chosen = steps.find((step) => step.name === asked) ?? (asked ? undefined : steps.find(({ state }) => state === 'failed'));
  const choose = (step: string) => void navigate({ search: { step }, replace: true, resetScroll: false });
  return (
    <>
      <PageHead
        crumbs={[<Link key="all" to="/pipelines">Pipelines</Link>, <Link key="one" to="/pipelines" search={{ pipeline: name }}>{name}</Link>]}
        title={run.name} badge={<StatusBadge status={run.status} />}
        actions={<Actions pipeline={name} what={launchOf(data.tags, name)} runId={runId} status={run.status} endedAt={run.endedAt ?? 0} />}
        facts={
          <>
            <span title="Author"><Person name={run.author ?? 'unknown'} /></span>
            <span><Icon name="clock" size={14} /> started <TimeAgo at={run.startedAt} /></span>
            <span>{run.endedAt ? 'took' : 'running for'} <Duration from={run.startedAt} to={run.endedAt} /></span>
            {countStates(steps.map(({ state }) => state)).map(({ state, count }) => <span key={state}>{count} <StepWord state={state} /></span>)}
            <Link to="/runs/$runId" params={{ runId }}>Its run: parameters, files, log</Link>
          </>
        }
      />
      {steps.length === 0 ? (
        <Empty icon="lineage" title="No steps are known of this run"><p>It may have only just begun, or not be a run of a pipeline.</p></Empty>
      ) : (
        <div className={style.execution}>
          {isGraph && <Card title="Steps" icon="lineage" flush><StepGraph steps={steps} chosen={chosen?.name} onChoose={choose} /></Card>}
          <Card title="Timings" icon="clock" flush><Gantt run={run} steps={steps} chosen={chosen?.name} onChoose={choose} /></Card>
          {chosen ? (
            <StepPanel
              key={chosen.name} step={chosen} pipeline={data}
              log={{
                query: q, line: line === undefined ? undefined : line - 1,
                onQuery: (text) => void navigate({ search: (s) => ({ ...s, step: chosen.name, q: text || undefined }), replace: true, resetScroll: false }),
                onLine: (index) => void navigate({ search: (s) => ({ ...s, step: chosen.name, line: index === undefined ? undefined : index + 1 }), replace: true, resetScroll: false }),
              }}
            />
          ) : <p className={style.hint}>Choose a step to see why it ran, what it read and made, and what it printed.</p>}
        </div>
      )}
    </>
  );
}

/** What the launch form calls it: the pipeline, or the project that starts its components itself. */
function launchOf(tags: Readonly<Record<string, string>>, name: string): string {
  const [source, entryPoint] = [tags['mlflow.source.name'], tags['mlflow.project.entryPoint']];
  return tags['cairn.pipeline.name'] === undefined && source && entryPoint ? `project:${source}#${entryPoint}` : `pipeline:${name}`;
}

/** Go on with it or run it again: by a job where the pipeline is registered, and a worker does it. */
function Actions({ pipeline, what, runId, status, endedAt }: { pipeline: string; what: string; runId: string; status: string; endedAt: number }) {
  const client = useQueryClient();
  const registered = useQuery(queries.pipelines()).data?.pipelines.some(({ name }) => name === pipeline);
  const retry = useMutation({
    // Whoever presses it, and how often, for one failure it is one wish.
    mutationFn: (failure: number) => api.launch(pipeline, { runId, key: `retry:${runId}:${failure}` }),
    onSuccess: () => {
      tell({ text: 'A job to go on with this run waits for a worker' });
      return client.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: (error) => tell({ text: error.message, bad: true }),
  });
  const over = status === 'failed' || status === 'killed' || status === 'crashed';
  return (
    <>
      {registered && over && <button type="button" className={kit.button} disabled={retry.isPending || (retry.isSuccess && retry.variables === endedAt)} onClick={() => retry.mutate(endedAt)}><Icon name="reset" size={14} /> Retry from the failed step</button>}
      <Link to="/launch" search={{ what }} className={kit.button}><Icon name="bolt" size={14} /> Run again …</Link>
    </>
  );
}
