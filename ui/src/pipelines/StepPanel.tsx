import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { LineageUse, RunDetail } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones, Card, Command } from '../design/kit';
import { Duration, TimeAgo } from '../design/Time';
import { shellWord } from '../experiments/newcomer';
import { LogStore } from '../logs/LogStore';
import { LogView } from '../logs/LogView';
import style from './pipelines.module.css';
import { changesOf, placeOf, type Step } from './steps';
import { StepWord } from './StepState';

interface LogPlace {
  query: string;
  line: number | undefined;
  onQuery: (query: string) => void;
  onLine: (line: number | undefined) => void;
}

/** One step: why it ran or did not, what went in and came out, what it printed, and how to run it again. */
export function StepPanel({ step, pipeline, log }: { step: Step; pipeline: RunDetail; log: LogPlace }) {
  const live = step.state === 'running';
  const query = useQuery({ ...queries.run(step.runId ?? ''), enabled: step.runId !== null, refetchInterval: live ? 2_000 : false });
  const detail = query.data;
  return (
    <Card title={step.name} more={<StepWord state={step.state} />}>
      <div className={style.panel}>
        {step.reason && <p className={style.reason}>{step.reason}</p>}
        {step.runId === null && <p className={style.muted}>{step.state === 'waiting' ? 'It has not begun.' : 'It has no run.'}</p>}
        {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
        {step.runId !== null && !detail && !query.error && <Bones lines={3} />}
        {detail && (
          <>
            <dl className={style.facts}>
              <dt>{step.state === 'cached' ? 'Earlier run' : 'Run'}</dt>
              <dd><Link to="/runs/$runId" params={{ runId: detail.run.id }}>{detail.run.name}</Link>, started <TimeAgo at={detail.run.startedAt} />, took <Duration from={detail.run.startedAt} to={detail.run.endedAt} /></dd>
              {step.tries.length > 1 && <><dt>Tries</dt><dd>{step.tries.map((t, i) => <span key={t.id}>{i > 0 && ', '}<Link to="/runs/$runId" params={{ runId: t.id }}>{i + 1} ({t.status})</Link></span>)}</dd></>}
              <dt>Read</dt><dd><Uses uses={detail.inputs} /></dd>
              <dt>Made</dt><dd><Uses uses={detail.outputs} /></dd>
              {detail.tags['cairn.step.key'] && <><dt>Key</dt><dd><code title={detail.tags['cairn.step.parts']}>{detail.tags['cairn.step.key'].slice(0, 16)}</code></dd></>}
            </dl>
          </>
        )}
        <Retry step={step} pipeline={pipeline} />
        {detail && <StepLog key={detail.run.id} runId={detail.run.id} total={detail.logLines} live={live} log={log} />}
      </div>
    </Card>
  );
}

function Uses({ uses }: { uses: readonly LineageUse[] }) {
  if (uses.length === 0) return <span className={style.muted}>nothing</span>;
  return uses.map(({ version: { experimentId, name, version } }, i) => (
    <span key={`${name}:${version}`}>
      {i > 0 && ', '}
      <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} search={{ v: version }}>{name}:{version}</Link>
    </span>
  ));
}

function StepLog({ runId, total, live, log }: { runId: string; total: number; live: boolean; log: LogPlace }) {
  const [store, setStore] = useState<LogStore | null>(null);
  useEffect(() => {
    const made = new LogStore((after, limit, signal) => api.logs(runId, after, limit, signal), total);
    setStore(made);
    return () => made.stop();
    // What is added to the log later comes by the refresh below.
  }, [runId]);
  useEffect(() => void store?.refresh(), [store, total]);
  if (total === 0) return <p className={style.muted}>It printed nothing{live ? ' yet' : ''}.</p>;
  return store && <div className={style.log}><LogView store={store} live={live} query={log.query} onQuery={log.onQuery} line={log.line} onLine={log.onLine} /></div>;
}

/** The commands to run it again from here: where the pipeline's folder is, or what was fetched at its commit. */
function Retry({ step, pipeline }: { step: Step; pipeline: RunDetail }) {
  const { run, tags } = pipeline;
  const commit = tags['cairn.pipeline.source'] && tags['mlflow.source.git.commit'];
  const again = ['cairn pipeline run', shellWord(placeOf(tags)), ...(commit ? ['-v', commit] : []), ...changesOf(tags).map(shellWord), '--from', shellWord(step.name.replace(/\[\d+\]$/, ''))].join(' ');
  const canGoOn = run.status === 'failed' || run.status === 'killed' || run.status === 'crashed';
  return (
    <>
      {canGoOn && (step.state === 'failed' || step.state === 'stopped' || step.state === 'skipped') && (
        <div><h3>Go on with this run from the step that failed</h3><Command text={`cairn resume ${run.id}`} /></div>
      )}
      {'cairn.pipeline.name' in tags && <div><h3>Run this step and all after it anew</h3><Command text={again} /></div>}
    </>
  );
}
