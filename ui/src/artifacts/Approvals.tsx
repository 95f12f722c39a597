import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { ArtifactDetail, GateInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { kit, Person } from '../design/kit';
import { TimeAgo } from '../design/Time';
import style from './artifacts.module.css';
import { rememberAuthor } from './author';
import { useAuthor } from './useAuthor';

/** Who agreed that a version gets the alias or objected, and one's own word. */
export function Approvals({ detail, gate, version }: { detail: ArtifactDetail; gate: GateInfo; version: string }) {
  const { experimentId, name } = detail.artifact;
  const { alias } = gate;
  const { who, setWho, isKnown } = useAuthor();
  const [why, setWhy] = useState('');
  const id = useId();
  const client = useQueryClient();
  const { data } = useQuery({ ...queries.approvals(experimentId, name, version), refetchInterval: 5_000 });
  const given = data?.approvals.filter((one) => one.alias === alias) ?? [];
  const say = useMutation({
    mutationFn: (verdict: 'approve' | 'object' | 'withdraw') => api.approve(experimentId, name, version, { alias, who: who.trim(), verdict, why: why.trim() || null }),
    onMutate: () => why,
    onSuccess: (_answer, _verdict, sent) => {
      if (!isKnown) rememberAuthor(who.trim());
      // Who has begun to write the next one meanwhile keeps it.
      setWhy((now) => (now === sent ? '' : now));
      return client.invalidateQueries({ queryKey: ['artifact', experimentId, name] });
    },
  });
  const mine = given.find((one) => one.who === who.trim());
  const counts = gate.approvers.length === 0 || gate.approvers.includes(who.trim());
  return (
    <section className={style.approvals} aria-label={`Approvals of ${version}`}>
      <h3>{version}: {given.filter(({ granted }) => granted).length} of {gate.approvals} {gate.approvals === 1 ? 'approval' : 'approvals'}</h3>
      {given.length > 0 && (
        <ul>
          {given.map((one) => (
            <li key={one.who}>
              <span className={one.granted ? style.held : style.failed}><Icon name={one.granted ? 'check' : 'cross'} size={13} /></span>
              <Person name={one.who} /> <span>{one.granted ? 'approves' : 'objects'}{one.why ? `: ${one.why}` : ''}</span>
              <span className={style.when}><TimeAgo at={one.at} /></span>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={(event) => { event.preventDefault(); say.mutate('approve'); }}>
        <label htmlFor={`${id}-who`}>Your name</label>
        <input id={`${id}-who`} value={who} maxLength={200} autoComplete="name" list={`${id}-approvers`} onChange={(event) => setWho(event.target.value)} />
        <datalist id={`${id}-approvers`}>{gate.approvers.map((one) => <option key={one} value={one} />)}</datalist>
        <label htmlFor={`${id}-why`} className="quiet">Reason</label>
        <input id={`${id}-why`} className={style.long} value={why} maxLength={2000} placeholder="Reason, if there is one" onChange={(event) => setWhy(event.target.value)} />
        <button type="submit" className={kit.button} disabled={who.trim() === '' || say.isPending || mine?.granted === true}><Icon name="check" size={13} /> Approve {version}</button>
        <button type="button" className={kit.button} disabled={who.trim() === '' || say.isPending} onClick={() => say.mutate('object')}><Icon name="cross" size={12} /> Object</button>
        {mine && <button type="button" className={kit.button} disabled={say.isPending} onClick={() => say.mutate('withdraw')}>Take my word back</button>}
      </form>
      {who.trim() !== '' && !counts && <p className={style.gateNote}>Only the word of {gate.approvers.join(', ')} counts.</p>}
      {say.error && <ErrorPanel error={say.error} />}
    </section>
  );
}
