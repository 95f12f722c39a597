import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { queries } from '../api/queries';
import type { AliasChange, ArtifactDetail } from '../api/types';
import { Icon } from '../design/Icon';
import { Chip, kit, Person } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { RunLabel } from '../runs/RunLabel';
import { AliasChips, isWeighty } from './AliasChips';
import style from './artifacts.module.css';
import { type Decision, decisions } from './decisions';
import { useHolderBefore } from './useHolderBefore';

/** More aliases than these are told in short. */
const shownAtOnce = 3;

/** "Which version is prod, who decided it, when and why", before anything else on the page. */
export function AliasDecisions({ detail, onRollBack }: { detail: ArtifactDetail; onRollBack: (alias: string, version: string) => void }) {
  const all = useMemo(() => decisions(detail), [detail]);
  const [open, setOpen] = useState(false);
  if (all.length === 0) return null;
  const shown = open || all.length <= shownAtOnce + 1 ? all : all.slice(0, Math.max(shownAtOnce, all.filter(({ alias }) => isWeighty(alias)).length));
  return (
    <div className={style.decisions}>
      {shown.map((decision) => <DecisionCard key={decision.alias} decision={decision} detail={detail} onRollBack={onRollBack} />)}
      {shown.length < all.length && (
        <p className={style.moreAliases}>
          <AliasChips aliases={all.slice(shown.length).map(({ alias, version }) => ({ alias, version }))} />
          <button type="button" className={kit.button} onClick={() => setOpen(true)}>Show why</button>
        </p>
      )}
    </div>
  );
}

function DecisionCard({ decision, detail, onRollBack }: { decision: Decision; detail: ArtifactDetail; onRollBack: (alias: string, version: string) => void }) {
  const { alias, version, change, trail } = decision;
  const { experimentId, name } = detail.artifact;
  const weighty = isWeighty(alias);
  const back = useHolderBefore(detail, alias);
  return (
    <section className={`${style.decision} ${weighty ? style.weighty : ''}`} aria-label={`Alias ${alias}`}>
      <div className={style.verdict}>
        <Chip tone={weighty ? 'accent' : 'soft'}>{alias}</Chip>
        <Icon name="arrow" size={14} />
        <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} search={{ v: version }}>{version}</Link>
      </div>
      <div className={style.reason}>
        {change?.why ? <p className={style.why} title={change.why}>{change.why}</p> : <p className={style.noWhy}>{change ? 'No reason was given.' : 'Set before moves were recorded.'}</p>}
        {change && <Circumstances change={change} />}
      </div>
      {trail.length > 1 && (
        <Link to="/artifacts/$experimentId/$name/history" params={{ experimentId, name }} search={{ alias }} className={style.trail} title={`All moves of ${alias}`}>
          {trail.length > 5 && <span>…</span>}
          {trail.slice(-5).map((step, i, shown) => (
            <span key={step.at} className={i === shown.length - 1 ? style.trailNow : undefined}>
              {(i > 0 || trail.length > 5) && <Icon name="right" size={9} />}
              {step.to ?? 'removed'}
            </span>
          ))}
        </Link>
      )}
      {back !== undefined && (
        <button type="button" className={kit.button} onClick={() => onRollBack(alias, back)} title={`Point ${alias} back to ${back}`}>
          <Icon name="history" size={13} /> Roll back
        </button>
      )}
    </section>
  );
}

/** Who, when, from where, by which run. */
export function Circumstances({ change }: { change: AliasChange }) {
  return (
    <p className={style.circumstances}>
      {change.who && <span><Person name={change.who} /></span>}
      <span><TimeAgo at={change.at} /></span>
      {change.from && <span>before: {change.from}</span>}
      {change.runId && <span>decided in <RunName runId={change.runId} /></span>}
    </p>
  );
}

/** The name of a run, once it is known; its id until then. */
export function RunName({ runId }: { runId: string }) {
  const { data } = useQuery({ ...queries.run(runId), staleTime: 60_000 });
  return <Link to="/runs/$runId" params={{ runId }} title={`Run ${runId}`}>{data ? <RunLabel run={data.run} /> : runId.slice(0, 8)}</Link>;
}
