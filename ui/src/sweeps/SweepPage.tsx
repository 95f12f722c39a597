import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import type { SweepDetail, SweepState } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon, type IconName } from '../design/Icon';
import { Card, Chip, CopyButton, Empty } from '../design/kit';
import kit from '../design/kit.module.css';
import { TimeAgo } from '../design/Time';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import style from './sweeps.module.css';
import { setSweepState, sweepQuery } from './sweepQuery';
import { SweepRuns } from './SweepRuns';
import { nextStates } from './states';

export const Route = createLazyRoute('/sweeps/$experimentId/$name')({ component: SweepPage });

const page = getRouteApi('/sweeps/$experimentId/$name');

const buttons: Record<string, readonly [label: string, icon: IconName, what: string]> = {
  paused: ['Pause', 'clock', 'No new runs until it is resumed'],
  running: ['Resume', 'run', 'Go on with new runs'],
  stopped: ['Stop', 'stop', 'No new runs; those under way end by themselves'],
  canceled: ['Cancel', 'cross', 'No new runs, and those under way are ended'],
};

/** One sweep: what it searches, where it is, and what its runs came to. */
function SweepPage() {
  const { experimentId, name } = page.useParams();
  const { data } = useSuspenseQuery(sweepQuery(experimentId, name));
  const { sweep } = data;
  useTitle(sweep.displayName ?? sweep.name, sweep.experimentName);
  return (
    <>
      <PageHead
        crumbs={[
          <Link key="home" to="/">Experiments</Link>,
          <Link key="experiment" to="/experiments/$experimentId" params={{ experimentId }}>{sweep.experimentName}</Link>,
        ]}
        title={`Sweep ${sweep.displayName ?? sweep.name}`}
        badge={<Chip tone={sweep.state === 'running' ? 'accent' : 'plain'} title="State of the sweep">{sweep.state}</Chip>}
        facts={
          <>
            <span title="Method">{sweep.method}</span>
            {sweep.metric && <span title="Goal">{sweep.goal} <b>{sweep.metric}</b></span>}
            {sweep.stopsEarly && <span>ends runs early</span>}
            <span>{sweep.runCount}{sweep.expectedRuns != null && ` of ${sweep.expectedRuns}`} runs</span>
            <span><Icon name="clock" size={14} /> begun <TimeAgo at={sweep.createdAt} /></span>
          </>
        }
        actions={<Actions detail={data} />}
      />
      <div className={style.page}>
        <Card title="Runs" icon="run" flush>
          {data.runs.length > 0 ? <SweepRuns detail={data} /> : (
            <Empty icon="run" title="No run yet" commands={[`wandb agent ${sweep.experimentName}/${sweep.name}`]}>
              <p>An agent asks for parameters and starts the program with them.</p>
            </Empty>
          )}
        </Card>
        <Card title="Config" icon="file" more={<CopyButton text={sweep.config} what="config" />}>
          <pre className={style.config}>{sweep.config}</pre>
        </Card>
      </div>
    </>
  );
}

function Actions({ detail }: { detail: SweepDetail }) {
  const client = useQueryClient();
  const { sweep } = detail;
  const change = useMutation({
    mutationFn: (state: SweepState) => setSweepState(sweep.experimentId, sweep.name, state),
    onSuccess: (now) => client.setQueryData(sweepQuery(sweep.experimentId, sweep.name).queryKey, now),
  });
  return (
    <div className={style.actions}>
      {nextStates(sweep.state).map((state) => {
        const [label, icon, what] = buttons[state]!;
        return (
          <button key={state} type="button" className={kit.button} disabled={change.isPending} title={what} onClick={() => change.mutate(state)}>
            <Icon name={icon} size={14} /> {label}
          </button>
        );
      })}
      {change.error && <ErrorPanel error={change.error} />}
    </div>
  );
}
