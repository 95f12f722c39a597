import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { JobInfo, PipelineInfo, TriggerInfo } from '../api/types';
import { useNow } from '../design/clock';
import { Icon, type IconName } from '../design/Icon';
import { Card, Chip, Empty, kit } from '../design/kit';
import { TimeAgo } from '../design/Time';
import list from '../experiments/experiments.module.css';
import { duration, exactTime } from '../format/time';
import { useTitle } from '../shell/title';
import { tell } from '../shell/toasts';
import { cronWords } from './cronWords';
import { PipelinesHead } from './PipelinesHead';
import style from './pipelines.module.css';
import { StepIcon } from './StepState';
import type { StepState } from './steps';

export const Route = createLazyRoute('/pipelines/triggers')({ component: TriggersPage });

const pace = 3_000;
const workerAwayMs = 60_000;
const kinds: Record<string, IconName> = { schedule: 'clock', artifact: 'box', alias: 'tag', webhook: 'bolt', check: 'warning' };
const jobStates: Record<JobInfo['state'], StepState> = { waiting: 'waiting', running: 'running', finished: 'succeeded', failed: 'failed', cancelled: 'stopped' };

/** What sets pipelines going by itself, and what came of it. */
function TriggersPage() {
  const { data } = useSuspenseQuery({ ...queries.triggers(), refetchInterval: pace });
  const { data: { jobs } } = useSuspenseQuery({ ...queries.jobs(), refetchInterval: pace });
  const pipelines = useQuery({ ...queries.pipelines(), refetchInterval: 10_000 }).data?.pipelines ?? [];
  useTitle('Triggers and jobs');
  const waiting = jobs.filter(({ state }) => state === 'waiting').length;
  return (
    <>
      <PipelinesHead />
      {pipelines.length === 0 && data.triggers.length === 0 && jobs.length === 0 ? (
        <Empty icon="clock" title="No pipeline is registered" commands={['cairn pipeline register path/to/folder', 'cairn worker']}>
          <p>A registered pipeline runs by schedule, when a data set or an alias changes, when a check fails, or when you launch it here. A worker does the work.</p>
        </Empty>
      ) : (
        <div className={style.execution}>
          <WorkerNote seenAt={data.workerSeenAt ?? null} waiting={waiting} />
          <Card title="Triggers and schedules" icon="clock" flush>
            {data.triggers.length === 0 ? <p className={style.nothing}>No pipeline declares a trigger.</p> : (
              <table className={`${list.table} ${style.inCard}`}>
                <thead><tr><th scope="col">Trigger</th><th scope="col">When</th><th scope="col" className={list.wide}>Next</th><th scope="col" className={list.wide}>Last</th><th scope="col"><span className="quiet">Actions</span></th></tr></thead>
                <tbody>{data.triggers.map((trigger) => <TriggerRow key={trigger.id} trigger={trigger} />)}</tbody>
              </table>
            )}
          </Card>
          <Card title="Jobs" icon="run" flush>
            {jobs.length === 0 ? <p className={style.nothing}>Nothing has been set off yet.</p> : (
              <table className={`${list.table} ${style.inCard}`}>
                <thead><tr><th scope="col">Job</th><th scope="col">Why</th><th scope="col" className={list.wide}>Worker</th><th scope="col" className={list.wide}>At</th><th scope="col"><span className="quiet">Actions</span></th></tr></thead>
                <tbody>{jobs.map((job) => <JobRow key={job.id} job={job} />)}</tbody>
              </table>
            )}
          </Card>
          <Card title="Registered pipelines" icon="lineage" flush>
            <table className={`${list.table} ${style.inCard}`}>
              <thead><tr><th scope="col">Pipeline</th><th scope="col">Where from</th><th scope="col" className={list.wide}>Registered</th><th scope="col"><span className="quiet">Actions</span></th></tr></thead>
              <tbody>{pipelines.map((pipeline) => <PipelineRow key={pipeline.name} pipeline={pipeline} />)}</tbody>
            </table>
          </Card>
        </div>
      )}
    </>
  );
}

function WorkerNote({ seenAt, waiting }: { seenAt: number | null; waiting: number }) {
  const now = useNow('fast');
  if (seenAt !== null && now - seenAt < workerAwayMs) return null;
  if (waiting === 0 && seenAt === null) return null;
  return (
    <div className={style.warn} role="status">
      <Icon name="warning" size={15} />
      <span>
        {seenAt === null ? 'No worker has asked for work since the server started' : `No worker has been heard of for ${duration(now - seenAt)}`}
        {waiting > 0 ? `, and ${waiting} ${waiting === 1 ? 'job waits' : 'jobs wait'}` : ''}. Start one where the code can run: <code>cairn worker</code>
      </span>
    </div>
  );
}

function TriggerRow({ trigger }: { trigger: TriggerInfo }) {
  const client = useQueryClient();
  const renew = () => Promise.all([client.invalidateQueries({ queryKey: ['triggers'] }), client.invalidateQueries({ queryKey: ['jobs'] })]);
  const failed = (error: Error) => tell({ text: error.message, bad: true });
  const pause = useMutation({
    mutationFn: (to: boolean) => api.pauseTrigger(trigger.id, to), onError: failed,
    onSuccess: (_, to) => {
      tell({ text: `Trigger “${trigger.name}” ${to ? 'paused' : 'listens again'}`, undo: () => pause.mutate(!to) });
      return renew();
    },
  });
  const fire = useMutation({
    mutationFn: () => api.fireTrigger(trigger.id), onError: failed,
    onSuccess: (job) => {
      tell({ text: `A job of “${job.pipeline}” waits for a worker`, undo: () => void api.cancelJob(job.id).then(renew, failed) });
      return renew();
    },
  });
  return (
    <tr>
      <td>
        <span className={list.named}><Icon name={kinds[trigger.kind] ?? 'bolt'} /> <span><strong>{trigger.name}</strong><small className={style.under}>{trigger.pipeline}</small></span></span>
      </td>
      <td><Condition trigger={trigger} />{trigger.paused && <> <Chip>paused</Chip></>}</td>
      <td className={list.wide}>{trigger.nextAt && !trigger.paused ? <InTime at={trigger.nextAt} /> : <span className={list.none}>–</span>}</td>
      <td className={list.wide}>{trigger.lastAt ? <TimeAgo at={trigger.lastAt} /> : <span className={list.none}>never</span>}</td>
      <td>
        <span className={style.rowActions}>
          <button type="button" className={kit.button} disabled={fire.isPending} onClick={() => fire.mutate()} title="Set it off now"><Icon name="bolt" size={13} /> Fire</button>
          <button type="button" className={kit.button} disabled={pause.isPending} onClick={() => pause.mutate(!trigger.paused)}>{trigger.paused ? 'Resume' : 'Pause'}</button>
        </span>
      </td>
    </tr>
  );
}

/** What sets it off; a schedule in words where they are known, and as it is written. */
function Condition({ trigger: { kind, condition } }: { trigger: TriggerInfo }) {
  const words = kind === 'schedule' ? cronWords(condition) : kind === 'webhook' ? 'a signed request' : kind === 'artifact' ? `a new version of ${condition}` : null;
  return (
    <>
      <span className={style.condition} title={`${kind}: ${condition}`}>{words ?? condition}</span>
      {kind === 'schedule' && words && <small className={style.under}><code>{condition.replace(/\s*\(.*$/, '')}</code></small>}
    </>
  );
}

/** "in 3 h", with the exact time on hover. */
function InTime({ at }: { at: number }) {
  const now = useNow();
  return <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>{at <= now ? 'now' : `in ${duration(Math.max(1, Math.round((at - now) / 60_000)) * 60_000).replace(/ 0 s$/, '')}`}</time>;
}

function JobRow({ job }: { job: JobInfo }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => api.cancelJob(job.id), onError: (error) => tell({ text: error.message, bad: true }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
  const open = job.state === 'waiting' || job.state === 'running';
  return (
    <tr>
      <td>
        <span className={list.named}>
          <StepIcon state={jobStates[job.state]} />
          <span>
            {job.startedAt ? <Link to="/pipelines/runs/$runId" params={{ runId: job.runId }}>{job.pipeline}</Link> : <strong>{job.pipeline}</strong>}
            <small className={style.under}>{job.cancelRequested && open ? 'ending' : job.state}{job.attempt > 1 ? `, try ${job.attempt}` : ''}</small>
          </span>
        </span>
      </td>
      <td><span className={style.condition} title={job.cause}>{job.cause}</span>{job.message && <small className={style.under}>{job.message}</small>}{job.changes.length > 0 && <small className={style.under}>{job.changes.join(' ')}</small>}</td>
      <td className={list.wide}>{job.worker ?? <span className={list.none}>–</span>}</td>
      <td className={list.wide}><TimeAgo at={job.endedAt ?? job.startedAt ?? job.at} /></td>
      <td className={style.actions}>{open && <button type="button" className={kit.button} disabled={cancel.isPending || job.cancelRequested} onClick={() => cancel.mutate()}>Cancel</button>}</td>
    </tr>
  );
}

function PipelineRow({ pipeline: { name, source, registeredAt, registeredBy, revision } }: { pipeline: PipelineInfo }) {
  return (
    <tr>
      <td><Link to="/pipelines" search={{ pipeline: name }} className={list.name}>{name}</Link></td>
      <td><span className={style.condition} title={`${source.location}/${source.file ?? ''}`}>{source.kind}: {source.location}</span></td>
      <td className={list.wide}><TimeAgo at={registeredAt} />{registeredBy ? ` by ${registeredBy}` : ''}{revision > 1 ? `, revision ${revision}` : ''}</td>
      <td className={style.actions}><Link to="/launch" search={{ what: `pipeline:${name}` }} className={kit.button}><Icon name="bolt" size={13} /> Launch …</Link></td>
    </tr>
  );
}
