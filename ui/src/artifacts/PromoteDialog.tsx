import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { ArtifactDetail } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, kit } from '../design/kit';
import style from './artifacts.module.css';
import { rememberAuthor } from './author';
import { GateVerdict } from './GateVerdict';
import { useAuthor } from './useAuthor';
import { useHolderBefore } from './useHolderBefore';
import { useVersionMetrics } from './useVersionMetrics';
import { VersionComparison } from './VersionComparison';

export interface Move {
  alias: string;
  /** The version it shall point to. */
  to: string;
}

/** Decides what an alias points to, with both versions in view and a reason that is kept. */
export function PromoteDialog({ detail, move, onChange, onClose }: {
  detail: ArtifactDetail; move: Move; onChange: (move: Move) => void; onClose: () => void;
}) {
  const { experimentId, name, aliases } = detail.artifact;
  const { to } = move;
  const [alias, setAlias] = useState(move.alias);
  const from = aliases[alias];
  const [why, setWhy] = useState('');
  const { who, setWho, isKnown } = useAuthor();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const reason = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    reason.current?.focus();
  }, []);
  const client = useQueryClient();
  const before = useVersionMetrics(experimentId, name, from, to);
  const after = useVersionMetrics(experimentId, name, to, from);
  const gate = useQuery(queries.gates(experimentId, name)).data?.gates.find((one) => one.alias === alias);
  // The way back to the version before is open whatever the gate says: that is what a rollback is for.
  const isUndo = useHolderBefore(detail, alias) === to;
  const verdict = useQuery({ ...queries.verdict(experimentId, name, alias, to), enabled: gate !== undefined && from !== to && !isUndo });
  const isBack = isUndo || (from !== undefined && indexOf(to) < indexOf(from));
  const decide = useMutation({
    mutationFn: () => (isUndo
      ? api.rollBack(experimentId, name, alias, { expect: from!, why: why.trim(), who: who.trim() || null })
      : api.moveAlias(experimentId, name, alias, { version: to, expect: from ?? '', why: why.trim(), who: who.trim() || null })),
    onSuccess: async () => {
      if (!isKnown) rememberAuthor(who.trim());
      await Promise.all([['artifact', experimentId], ['artifacts'], ['models']].map((queryKey) => client.invalidateQueries({ queryKey })));
      dialog.current?.close();
    },
  });
  const approve = useMutation({
    mutationFn: () => api.approve(experimentId, name, to, { alias, who: who.trim(), verdict: 'approve', why: why.trim() || null }),
    onSuccess: () => {
      if (!isKnown) rememberAuthor(who.trim());
      return client.invalidateQueries({ queryKey: ['artifact', experimentId, name, 'verdict'] });
    },
  });
  const closed = gate !== undefined && !isUndo && verdict.data?.passed === false;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    decide.mutate();
  };
  const known = [...new Set([...Object.keys(aliases), 'prod', 'staging'])].filter((one) => one !== 'latest').sort();
  return (
    <dialog ref={dialog} className={style.dialog} onClose={onClose} aria-labelledby={`${id}-title`}>
      <form onSubmit={submit}>
        <header>
          <h2 id={`${id}-title`}>{isBack ? 'Roll back' : 'Move'} an alias of {name}</h2>
          <button type="button" className={kit.bare} onClick={() => dialog.current?.close()}><Icon name="cross" size={14} label="Close" /></button>
        </header>
        <div className={style.dialogBody}>
          <div className={style.fields}>
            <label>
              Alias
              <input value={alias} list={`${id}-aliases`} required maxLength={128} spellCheck={false} onChange={(event) => {
                const next = event.target.value.trim();
                setAlias(next);
                if (next !== '') onChange({ alias: next, to });
              }} />
              <datalist id={`${id}-aliases`}>{known.map((one) => <option key={one} value={one} />)}</datalist>
            </label>
            <label>
              Version
              <select value={to} onChange={(event) => onChange({ alias, to: event.target.value })}>
                {detail.versions.map((version) => <option key={version.version} value={version.version}>{[version.version, ...version.aliases].join(' · ')}</option>)}
              </select>
            </label>
          </div>
          {before.waiting || after.waiting ? <Bones lines={5} /> : (
            <div className={style.comparisonFrame} tabIndex={0} role="region" aria-label="Both versions">
              <VersionComparison
                before={before} after={after} onlyChanges
                titles={[from ? <>{alias} now: <b>{from}</b></> : <>{alias || 'the alias'} is new</>, <>then: <b>{to}</b></>]}
              />
            </div>
          )}
          {gate && (
            <GateVerdict
              gate={gate} verdict={verdict.data} error={verdict.error} isUndo={isUndo} isMove={from !== to}
              onApprove={who.trim() === '' ? undefined : () => approve.mutateAsync()} approveError={approve.error}
            />
          )}
          <label className={style.field}>
            <span>Reason <span className={style.none}>(kept in the history)</span></span>
            <textarea ref={reason} value={why} required rows={2} maxLength={2000} placeholder={isBack ? 'What went wrong with it?' : 'Why this version?'} onChange={(event) => setWhy(event.target.value)} />
          </label>
          <label className={style.field}>
            Your name
            <input value={who} maxLength={200} autoComplete="name" readOnly={isKnown} onChange={(event) => setWho(event.target.value)} />
          </label>
          {decide.error && <ErrorPanel error={decide.error} />}
        </div>
        <footer>
          {closed && from !== to && <span className={style.none}>The gate does not let {to} through.</span>}
          {from === to && <span className={style.none}>{alias} points to {to} already.</span>}
          <button type="button" className={kit.button} onClick={() => dialog.current?.close()}>Cancel</button>
          <button type="submit" className={`${kit.button} ${style.primary}`} disabled={decide.isPending || alias.trim() === '' || why.trim() === '' || from === to || closed}>
            {isBack ? `Roll back to ${to}` : `Point ${alias || '…'} to ${to}`}
          </button>
        </footer>
      </form>
    </dialog>
  );
}

function indexOf(version: string): number {
  return Number(version.slice(1));
}
