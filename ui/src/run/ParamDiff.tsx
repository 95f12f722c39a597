import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { queries } from '../api/queries';
import type { RunDetail } from '../api/types';
import { diffValues } from '../artifacts/manifestDiff';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones, Card, kit } from '../design/kit';
import { formatJson } from '../format/numbers';
import { RunLabel } from '../runs/RunLabel';
import style from './run.module.css';

/** The parameters of two runs beside each other. */
export function ParamDiff({ detail, other, onClose }: { detail: RunDetail; other: string; onClose: () => void }) {
  const { data, error } = useQuery(queries.run(other));
  const [all, setAll] = useState(false);
  const rows = useMemo(() => (data ? diffValues(data.params, detail.params) : []), [data, detail.params]);
  const changed = rows.filter(({ same }) => !same);
  return (
    <Card
      title="Parameters compared" icon="columns" flush
      more={<><button type="button" className={kit.button} aria-pressed={all} onClick={() => setAll(!all)}>All {rows.length}</button><button type="button" className={kit.button} onClick={onClose}>Close</button></>}
    >
      {error ? <ErrorPanel error={error} /> : !data ? <div className={style.nothing}><Bones lines={3} /></div> : (
        <div className={style.scroll} tabIndex={0} role="region" aria-label="Parameters of both runs">
          <table className={style.paramDiff}>
            <thead>
              <tr>
                <th scope="col">{changed.length} differ</th>
                <th scope="col"><Link to="/runs/$runId" params={{ runId: other }} title={data.run.name}><RunLabel run={data.run} /></Link></th>
                <th scope="col">this run</th>
              </tr>
            </thead>
            <tbody>
              {(all ? rows : changed).map(({ key, before, after, same }) => (
                <tr key={key} className={same ? undefined : style.differs}>
                  <th scope="row" title={key}>{key}</th>
                  <td title={before === undefined ? undefined : formatJson(before)}>{before === undefined ? <span className={style.absent}>absent</span> : <code>{formatJson(before)}</code>}</td>
                  <td title={after === undefined ? undefined : formatJson(after)}>{after === undefined ? <span className={style.absent}>absent</span> : <code>{formatJson(after)}</code>}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {changed.length === 0 && !all && <p className={style.nothing}>Both runs have the same parameters.</p>}
        </div>
      )}
    </Card>
  );
}

/** Chooses the run to compare with: those of the same kind first, then the newest. */
export function OtherRunSelect({ detail, onChoose }: { detail: RunDetail; onChoose: (runId: string) => void }) {
  const [wanted, setWanted] = useState(false);
  const { experimentId, id, jobType } = detail.run;
  const { data } = useQuery({ ...queries.recentRuns(experimentId), enabled: wanted });
  const runs = useMemo(() => {
    const others = (data?.runs ?? []).map(({ run }) => run).filter((run) => run.id !== id);
    return [...others.filter((run) => run.jobType === jobType), ...others.filter((run) => run.jobType !== jobType)];
  }, [data, id, jobType]);
  return (
    <select
      className={style.otherRun} value="" aria-label="Compare with another run" title="Compare with another run" onFocus={() => setWanted(true)} onPointerDown={() => setWanted(true)}
      onChange={(event) => onChoose(event.target.value)}
    >
      <option value="">Compare with …</option>
      {runs.map((run) => <option key={run.id} value={run.id}>{run.name} · {new Date(run.startedAt).toISOString().slice(0, 16).replace('T', ' ')}</option>)}
    </select>
  );
}
