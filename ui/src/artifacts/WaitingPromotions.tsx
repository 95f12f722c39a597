import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../api/queries';
import type { ArtifactDetail } from '../api/types';
import { Icon } from '../design/Icon';
import { kit, Person } from '../design/kit';
import { TimeAgo } from '../design/Time';
import style from './artifacts.module.css';
import { type WaitingPromotion, waitingPromotions } from './waiting';

/** Promotions that lack nothing but people's word, before everything else on the page. */
export function WaitingPromotions({ detail }: { detail: ArtifactDetail }) {
  const { experimentId, name } = detail.artifact;
  const { data } = useQuery({ ...queries.decisions(experimentId, name), refetchInterval: 5_000 });
  const waiting = data ? waitingPromotions(detail, data.decisions) : [];
  return waiting.map((one) => <WaitingCard key={`${one.alias}:${one.to}`} experimentId={experimentId} name={name} waiting={one} />);
}

function WaitingCard({ experimentId, name, waiting: { alias, to, who, why, at, wants } }: { experimentId: string; name: string; waiting: WaitingPromotion }) {
  // What was lacking may have come since.
  const { data: verdict } = useQuery({ ...queries.verdict(experimentId, name, alias, to), retry: false, refetchInterval: 5_000 });
  return (
    <section className={style.waiting} aria-label={`${to} waits for ${alias}`}>
      <Icon name={verdict?.passed ? 'check' : 'clock'} size={15} />
      <p>
        {verdict?.passed ? <><b>{to} can have {alias} now</b>: it has the word of those who count.</> : <><b>{to} waits for {alias}</b>: {wants}.</>}
        {why && <span className={style.waitingWhy}> “{why}”</span>}
        <span className={style.circumstances}>{who && <span>asked by <Person name={who} /></span>}<span><TimeAgo at={at} /></span></span>
      </p>
      {verdict?.passed
        ? <Link to="." search={(s: object) => ({ ...s, move: alias, to })} className={kit.button} resetScroll={false}><Icon name="tag" size={13} /> Point {alias} to {to} …</Link>
        : <Link to="/artifacts/$experimentId/$name/gates" params={{ experimentId, name }} search={{ on: to }} className={kit.button}><Icon name="check" size={13} /> Review</Link>}
    </section>
  );
}
