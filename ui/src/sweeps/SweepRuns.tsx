import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Json, SweepDetail } from '../api/types';
import { Icon } from '../design/Icon';
import { StatusIcon } from '../design/Status';
import { Duration } from '../design/Time';
import { RunLabel } from '../runs/RunLabel';
import style from './sweeps.module.css';
import { inOrder, paramNames } from './states';

/** The runs of a sweep, the best first: what was chosen for each, and its metric. */
export function SweepRuns({ detail }: { detail: SweepDetail }) {
  const names = useMemo(() => paramNames(detail.runs), [detail.runs]);
  const runs = useMemo(() => inOrder(detail.runs, detail.sweep.goal), [detail.runs, detail.sweep.goal]);
  return (
    <div className={style.scroller} tabIndex={0} role="region" aria-label="Runs of the sweep">
      <table className={style.runs}>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {detail.sweep.metric && <th scope="col" className={style.number}>{detail.sweep.metric}</th>}
            {names.map((name) => <th key={name} scope="col" className={style.number}>{name}</th>)}
            <th scope="col" className={style.number}>Took</th>
          </tr>
        </thead>
        <tbody>
          {runs.map(({ run, params, value, isBest }) => (
            <tr key={run.id} className={isBest ? style.best : undefined}>
              <td>
                <Link to="/runs/$runId" params={{ runId: run.id }} className={style.run}>
                  <StatusIcon status={run.status} size={14} /> <RunLabel run={run} />
                  {isBest && <Icon name="star" size={13} label="Best run" />}
                </Link>
              </td>
              {detail.sweep.metric && <td className={style.number}>{value ?? '–'}</td>}
              {names.map((name) => <td key={name} className={style.number}>{shown(params[name])}</td>)}
              <td className={style.number}>{run.status === 'scheduled' ? '–' : <Duration from={run.startedAt} to={run.endedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function shown(value: Json | undefined): string {
  return value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
}
