import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import type { ArtifactDetail, GateInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Card, Chip, kit } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { tell } from '../shell/toasts';
import { isWeighty } from './AliasChips';
import { Approvals } from './Approvals';
import style from './artifacts.module.css';
import { rememberedAuthor } from './author';
import { GateTrial, triedVersions } from './GateTrial';
import { GateWords } from './GateVerdict';

/** A gate as it is kept: what it asks for, what it would say of a version, who agreed. */
export function GateCard({ detail, gate, chosen, onChoose, onEdit }: {
  detail: ArtifactDetail; gate: GateInfo; chosen: string | undefined; onChoose: (version: string) => void; onEdit: () => void;
}) {
  const { experimentId, name } = detail.artifact;
  const { alias } = gate;
  const tried = triedVersions(detail, alias, chosen);
  const version = tried.find((one) => one === chosen) ?? tried[0];
  return (
    <Card
      title={<>Gate of&ensp;<Chip tone={isWeighty(alias) ? 'accent' : 'soft'}>{alias}</Chip></>} icon="gate"
      more={
        <>
          <span className={style.gateOrigin}>{gate.source ?? `set${gate.setBy ? ` by ${gate.setBy}` : ''}`} <TimeAgo at={gate.setAt} /></span>
          <button type="button" className={kit.button} onClick={onEdit}><Icon name="edit" size={13} /> Edit</button>
          <Remove experimentId={experimentId} name={name} alias={alias} />
        </>
      }
    >
      <GateWords gate={gate} />
      {gate.stage && <p className={style.gateNote}>Also stands before the stage {gate.stage} of MLflow’s registry.</p>}
      {version !== undefined && (
        <GateTrial
          detail={detail} alias={alias} versions={tried} chosen={version} onChoose={onChoose}
          under={(verdict) => (
            <>
              {gate.approvals > 0 && <Approvals detail={detail} gate={gate} version={version} />}
              {verdict.passed && detail.artifact.aliases[alias] !== version && (
                <p>
                  <Link to="." search={(s: object) => ({ ...s, move: alias, to: version })} className={`${kit.button} ${style.primary}`} resetScroll={false}>
                    <Icon name="tag" size={14} /> Point {alias} to {version} …
                  </Link>
                </p>
              )}
            </>
          )}
        />
      )}
    </Card>
  );
}

/** Takes the gate away, after a second look, with a reason for the history. */
function Remove({ experimentId, name, alias }: { experimentId: string; name: string; alias: string }) {
  const [asked, setAsked] = useState(false);
  const [why, setWhy] = useState('');
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeGate(experimentId, name, alias, rememberedAuthor() || null, why.trim() || null),
    onSuccess: () => {
      tell({ text: `${alias} of ${name} has no gate any more` });
      // What it would have said is not asked again: there is nobody to answer.
      return client.invalidateQueries({ queryKey: ['artifact', experimentId, name], predicate: (query) => query.queryKey[3] !== 'verdict' });
    },
  });
  if (!asked) return <button type="button" className={kit.button} onClick={() => setAsked(true)}><Icon name="cross" size={12} /> Remove</button>;
  return (
    <form className={style.removeGate} onSubmit={(event) => { event.preventDefault(); remove.mutate(); }}>
      <input autoFocus value={why} maxLength={2000} placeholder="Why? (kept in the history)" aria-label={`Why the gate of ${alias} is removed`} onChange={(event) => setWhy(event.target.value)} />
      <button type="submit" className={`${kit.button} ${style.danger}`} disabled={remove.isPending}>Remove the gate</button>
      <button type="button" className={kit.button} onClick={() => setAsked(false)}>Keep it</button>
      {remove.error && <ErrorPanel error={remove.error} />}
    </form>
  );
}
