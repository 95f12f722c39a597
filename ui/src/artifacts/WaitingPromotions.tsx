import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../api/queries';
import type { ArtifactDetail } from '../api/types';
import { Icon } from '../design/Icon';
import { kit, Person } from '../design/kit';
import { TimeAgo } from '../design/Time';
import style from './artifacts.module.css';
import { waitingPromotions } from './waiting';

/** Promotions that lack nothing but people's word, before everything else on the page. */
export function WaitingPromotions({ detail }: { detail: ArtifactDetail }) {
  const { experimentId, name } = detail.artifact;
  const { data } = useQuery({ ...queries.decisions(experimentId, name), refetchInterval: 5_000 });
  const waiting = data ? waitingPromotions(detail, data.decisions) : [];
  return waiting.map(({ alias, to, who, why, at, wants }) => (
    <section key={`${alias}:${to}`} className={style.waiting} aria-label={`${to} waits for ${alias}`}>
      <Icon name="clock" size={15} />
      <p>
        <b>{to} waits for {alias}</b>: {wants}.
        {why && <span className={style.waitingWhy}> “{why}”</span>}
        <span className={style.circumstances}>{who && <span>asked by <Person name={who} /></span>}<span><TimeAgo at={at} /></span></span>
      </p>
      <Link to="/artifacts/$experimentId/$name/gates" params={{ experimentId, name }} search={{ on: to }} className={kit.button}><Icon name="check" size={13} /> Review</Link>
    </section>
  ));
}
