// What happened lately, beside the list of experiments.
import { Link } from '@tanstack/react-router';
import type { FailedRun, Promotion, RunInfo, WaitingPromotion } from '../api/types';
import { Icon } from '../design/Icon';
import { TypeIcon } from '../artifacts/TypeIcon';
import { Card } from '../design/kit';
import { StatusIcon } from '../design/Status';
import { Duration, TimeAgo } from '../design/Time';
import { RunLabel } from '../runs/RunLabel';
import style from './experiments.module.css';

const most = 6;
const mostNews = 10;

export function RunningNow({ runs }: { runs: readonly RunInfo[] }) {
  return (
    <Card title="Running now" icon="run" more={runs.length > 0 ? runs.length : undefined} flush>
      {runs.length === 0 && <p className={style.nothing}>Nothing runs at the moment.</p>}
      <ul className={style.feed}>
        {runs.slice(0, most).map((run) => (
          <li key={run.id}>
            <StatusIcon status={run.status} size={15} />
            <div>
              <Link to="/runs/$runId" params={{ runId: run.id }}><RunLabel run={run} /></Link>
              <p title={run.experimentName}>{run.experimentName}{run.author ? ` · ${run.author}` : ''}</p>
            </div>
            <span className={style.nowTime}><Duration from={run.startedAt} to={null} /></span>
          </li>
        ))}
      </ul>
      {runs.length > most && <p className={style.nothing}>and {runs.length - most} more</p>}
    </Card>
  );
}

/** Promotions that wait for people's word; nothing stands here while none does. */
export function Waiting({ waiting }: { waiting: readonly WaitingPromotion[] }) {
  if (waiting.length === 0) return null;
  return (
    <Card title="Waiting for approval" icon="clock" more={waiting.length} flush>
      <ul className={style.feed}>
        {waiting.map(({ experimentId, experimentName, artifact, version, alias, wants, who, why, at }) => (
          <li key={`${experimentId}/${artifact}/${alias}`}>
            <span className={style.check}><Icon name="gate" size={15} /></span>
            <div>
              <Link to="/artifacts/$experimentId/$name/gates" params={{ experimentId, name: artifact }} search={{ on: version }} title={`${artifact} of ${experimentName}: approve or object`}>{artifact}</Link>{' '}
              <span className={style.move}>{version} → {alias}?</span>
              <p title={[wants, why, who && `asked by ${who}`].filter(Boolean).join('\n')}>{wants}{why ? `: ${why}` : ''}</p>
            </div>
            <span className={style.when}><TimeAgo at={at} /></span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function Promotions({ promotions }: { promotions: readonly Promotion[] }) {
  return (
    <Card title="Latest promotions" icon="tag" flush>
      {promotions.length === 0 && <p className={style.nothing}>No alias such as “prod” has been given to a version yet.</p>}
      <ul className={style.feed}>
        {newestMoves(promotions).slice(0, mostNews).map(({ experimentId, experimentName, artifact, type, change, more }) => (
          <li key={`${experimentId}/${artifact}/${change.alias}/${change.at}`}>
            <TypeIcon type={type} />
            <div>
              <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name: artifact }} search={change.to ? { v: change.to } : {}} title={artifact}>{artifact}</Link>{' '}
              <span className={style.move}>{change.alias} {change.to ? `→ ${change.to}` : 'removed'}{change.from && change.to ? ` (was ${change.from})` : ''}</span>
              {more > 0 && <small className={style.none}> and {more} more</small>}
              <p title={change.why ?? experimentName}>{change.why ?? experimentName}</p>
            </div>
            <span className={style.when}><TimeAgo at={change.at} /></span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The newest move of every alias, and of an artifact with many aliases only two: one that was busy hides no other. */
export function newestMoves(promotions: readonly Promotion[]): (Promotion & { more: number })[] {
  const shown: (Promotion & { more: number })[] = [];
  for (const promotion of promotions) {
    const ofArtifact = shown.filter(({ experimentId, artifact }) => experimentId === promotion.experimentId && artifact === promotion.artifact);
    if (ofArtifact.some(({ change }) => change.alias === promotion.change.alias)) continue;
    if (ofArtifact.length < 2) shown.push({ ...promotion, more: 0 });
    else ofArtifact[1]!.more++;
  }
  return shown;
}

export function FailedLately({ failed }: { failed: readonly FailedRun[] }) {
  return (
    <Card title="Failed checks and runs, last 7 days" icon="warning" flush>
      {failed.length === 0 && <p className={style.nothing}>Nothing failed.</p>}
      <ul className={style.feed}>
        {failed.slice(0, mostNews).map(({ run, reason, check }) => (
          <li key={run.id}>
            {check ? <span className={style.check} title="A check failed"><Icon name="warning" size={15} label="A check failed" /></span> : <StatusIcon status={run.status} size={15} />}
            <div>
              <Link to="/runs/$runId" params={{ runId: run.id }}><RunLabel run={run} /></Link>
              <p title={`${check ? `check ${check}: ` : ''}${reason ?? run.experimentName}`}>{check && <strong>{check} </strong>}{reason ? withoutColours(reason) : run.experimentName}</p>
            </div>
            <span className={style.when}><TimeAgo at={run.endedAt ?? run.startedAt} /></span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** A console line without its colour codes. */
function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/\u001b\[[0-9;]*m/g, '');
}
