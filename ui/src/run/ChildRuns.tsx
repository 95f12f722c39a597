import { Link } from '@tanstack/react-router';
import type { RunInfo } from '../api/types';
import { useNow } from '../design/clock';
import { Card } from '../design/kit';
import { StatusIcon } from '../design/Status';
import { Duration } from '../design/Time';
import { exactTime } from '../format/time';
import { RunLabel } from '../runs/RunLabel';
import style from './run.module.css';

/** The runs that this one launched, with bars that tell when each was at work. */
export function ChildRuns({ runs, parent, isPipeline = false }: { runs: readonly RunInfo[]; parent: RunInfo; isPipeline?: boolean }) {
  const live = runs.some((run) => run.endedAt === null || run.endedAt === undefined);
  const now = useNow(live ? 'fast' : 'slow');
  const start = Math.min(parent.startedAt, ...runs.map((run) => run.startedAt));
  const end = Math.max(parent.endedAt ?? (live ? now : 0), ...runs.map((run) => run.endedAt ?? now));
  const span = Math.max(1, end - start);
  const shown = runs.slice(0, 200);
  return (
    <Card title="Steps" icon="tree" more={<>{isPipeline && <Link to="/pipelines/runs/$runId" params={{ runId: parent.id }}>As a graph</Link>} {runs.length} nested {runs.length === 1 ? 'run' : 'runs'}</>} flush>
      <ul className={style.children}>
        {shown.map((run) => {
          const left = ((run.startedAt - start) / span) * 100;
          const width = Math.max(0.8, (((run.endedAt ?? now) - run.startedAt) / span) * 100);
          return (
            <li key={run.id}>
              <Link to="/runs/$runId" params={{ runId: run.id }}>
                <StatusIcon status={run.status} />
                <span className={style.childName}><RunLabel run={run} /></span>
                <span className={style.lane} title={`${exactTime(run.startedAt)} to ${run.endedAt ? exactTime(run.endedAt) : 'now'}`}>
                  <span className={`${style.bar} ${style[run.status] ?? ''}`} style={{ left: `${Math.min(99, left)}%`, width: `${Math.min(100 - Math.min(99, left), width)}%` }} />
                </span>
                <span className={style.childTime}><Duration from={run.startedAt} to={run.endedAt} /></span>
              </Link>
            </li>
          );
        })}
      </ul>
      {runs.length > shown.length && (
        <p className={style.nothing}>and {runs.length - shown.length} more: see them in the <Link to="/experiments/$experimentId" params={{ experimentId: parent.experimentId }}>runs table</Link></p>
      )}
    </Card>
  );
}
