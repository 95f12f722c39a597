import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useDeferredValue, useId, useState } from 'react';
import { api, ApiError } from '../api/client';
import { queries } from '../api/queries';
import type { ArtifactDetail, GateInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Card, kit } from '../design/kit';
import { TokenField } from '../design/TokenField';
import { tell } from '../shell/toasts';
import style from './artifacts.module.css';
import { rememberAuthor } from './author';
import { useAuthor } from './useAuthor';
import { ConditionBox } from './ConditionBox';
import { asksForSomething, draftOf, type GateDraft, knownChecks, requestOf, usualStage } from './gateDraft';
import { GateTrial, triedVersions } from './GateTrial';
import { useSettled } from './useSettled';

const fields = ['alias', 'when', 'checks', 'approvals', 'approvers', 'data', 'stage', 'who'] as const;

/** Sets or changes a gate. What is wrong is told at its field, and what it would say of the versions while it is written. */
export function GateForm({ detail, gate, alias, onClose }: { detail: ArtifactDetail; gate: GateInfo | undefined; alias: string | undefined; onClose: () => void }) {
  const { experimentId, name, aliases } = detail.artifact;
  const [draft, setDraft] = useState(() => draftOf(gate, alias));
  const { who, setWho, isKnown } = useAuthor();
  const [chosen, setChosen] = useState<string>();
  const id = useId();
  const client = useQueryClient();
  const keys = useQuery(queries.runKeys(experimentId)).data;
  const artifacts = useQuery(queries.artifacts(experimentId)).data?.artifacts ?? [];
  const put = (change: Partial<GateDraft>) => setDraft((now) => ({ ...now, ...change }));

  const tried = useDeferredValue(useSettled(draft));
  const request = requestOf(tried);
  const canTry = asksForSomething(tried) && tried.alias.trim() !== '' && detail.versions.length > 0;
  const versions = triedVersions(detail, tried.alias, chosen);
  const version = versions.find((one) => one === chosen) ?? versions[0] ?? '';
  // Asked here as well, for its mistakes: they belong to the fields.
  const trial = useQuery({ ...queries.gateTrial(experimentId, name, tried.alias.trim(), version, request), enabled: canTry, retry: false });
  const save = useMutation({
    mutationFn: () => api.setGate(experimentId, name, draft.alias.trim(), { ...requestOf(draft), who: who.trim() || null }),
    onSuccess: async () => {
      if (!isKnown) rememberAuthor(who.trim());
      await client.invalidateQueries({ queryKey: ['artifact', experimentId, name] });
      tell({ text: `The gate of ${draft.alias.trim()} is set` });
      onClose();
    },
  });
  const fault = save.error ?? (canTry ? trial.error : null);
  const faultField = fault instanceof ApiError ? fields.find((field) => fault.field === field || fault.field?.startsWith(`${field}[`)) : undefined;
  const edit = (change: Partial<GateDraft>) => {
    if (save.error) save.reset();
    put(change);
  };
  const field = (of: (typeof fields)[number], label: ReactNode, hint: ReactNode, input: (bind: { id: string; invalid: boolean; describedBy: string | undefined }) => ReactNode, wide = false) => {
    const bad = faultField === of;
    const describedBy = [hint && `${id}-${of}-hint`, bad && `${id}-${of}-fault`].filter(Boolean).join(' ') || undefined;
    return (
      <div className={`${style.field} ${wide ? style.wide : ''}`}>
        <label htmlFor={`${id}-${of}`}>{label}</label>
        {input({ id: `${id}-${of}`, invalid: bad, describedBy })}
        {bad && <p id={`${id}-${of}-fault`} className={style.fault} role="alert"><Icon name="warning" size={13} /> {fault!.message}</p>}
        {hint && <p id={`${id}-${of}-hint`} className={style.hint}>{hint}</p>}
      </div>
    );
  };
  const metrics = keys?.metrics.map(({ key }) => key).filter((key) => !/^(system|checks\.)/.test(key)) ?? [];
  const checks = knownChecks([...keys?.tags ?? [], ...keys?.metrics ?? []].map(({ key }) => key));
  return (
    <Card title={gate ? `Change the gate of ${gate.alias}` : 'A new gate'} icon="gate">
      <form className={style.gateForm} onSubmit={(event) => { event.preventDefault(); save.mutate(); }} noValidate>
        {!gate && field('alias', 'Alias', null, (bind) => (
          <>
            <input id={bind.id} autoFocus value={draft.alias} required maxLength={128} spellCheck={false} placeholder="prod" list={`${id}-aliases`} aria-invalid={bind.invalid || undefined} aria-describedby={bind.describedBy} onChange={(event) => edit({ alias: event.target.value })} />
            <datalist id={`${id}-aliases`}>{[...new Set([...Object.keys(aliases), 'prod', 'staging'])].filter((one) => one !== 'latest').map((one) => <option key={one} value={one} />)}</datalist>
          </>
        ))}
        {field('when', 'Condition on metrics', <><code>metrics.NAME</code> is of the version that wants the alias, <code>{draft.alias.trim() || 'prod'}.metrics.NAME</code> of the one that has it.</>, (bind) => (
          <ConditionBox {...bind} value={draft.when} metrics={metrics} alias={draft.alias.trim() || 'prod'} onChange={(when) => edit({ when })} />
        ), true)}
        {field('data', 'Measured on', 'Name of the data that metrics are compared on; empty: all data that was used.', (bind) => (
          <>
            <input id={bind.id} value={draft.data} spellCheck={false} list={`${id}-data`} placeholder="any, if it is the same" aria-invalid={bind.invalid || undefined} aria-describedby={bind.describedBy} onChange={(event) => edit({ data: event.target.value })} />
            <datalist id={`${id}-data`}>{artifacts.filter(({ type }) => type !== 'model').map((one) => <option key={one.name} value={one.name} />)}</datalist>
          </>
        ))}
        {field('checks', 'Checks that must have passed', null, (bind) => <TokenField {...bind} values={draft.checks} known={checks} placeholder="drift, schema" onChange={(values) => edit({ checks: values })} />)}
        {field('approvals', 'Approvals', null, (bind) => <input id={bind.id} type="number" min={0} max={100} value={draft.approvals} aria-invalid={bind.invalid || undefined} aria-describedby={bind.describedBy} onChange={(event) => edit({ approvals: event.target.value })} />)}
        {field('approvers', 'Whose word counts', null, (bind) => <TokenField {...bind} values={draft.approvers} placeholder="anybody’s" onChange={(values) => edit({ approvers: values })} />)}
        {field('stage', 'Stage of MLflow’s registry behind it', null, (bind) => (
          <select id={bind.id} value={draft.stage} aria-invalid={bind.invalid || undefined} aria-describedby={bind.describedBy} onChange={(event) => edit({ stage: event.target.value })}>
            <option value="">{`as usual for ${draft.alias.trim() || 'the alias'}: ${usualStage(draft.alias.trim())}`}</option>
            {['Production', 'Staging', 'none'].map((stage) => <option key={stage}>{stage}</option>)}
          </select>
        ))}
        {field('who', 'Your name', null, (bind) => <input id={bind.id} value={who} maxLength={200} autoComplete="name" aria-invalid={bind.invalid || undefined} aria-describedby={bind.describedBy} onChange={(event) => setWho(event.target.value)} />)}
        {fault && !faultField && <div className={style.wide}><ErrorPanel error={fault} /></div>}
        {canTry && !trial.error && versions.length > 0 && (
          <div className={style.wide}>
            <GateTrial detail={detail} alias={tried.alias.trim()} proposed={request} versions={versions} chosen={version} onChoose={setChosen} />
          </div>
        )}
        <footer className={style.wide}>
          <button type="submit" className={`${kit.button} ${style.primary}`} disabled={save.isPending || draft.alias.trim() === ''}>{gate ? 'Save the gate' : 'Set the gate'}</button>
          <button type="button" className={kit.button} onClick={onClose}>Cancel</button>
          {gate?.source && <span className={style.none}>It was declared by {gate.source}, which leaves a gate that is there alone.</span>}
        </footer>
      </form>
    </Card>
  );
}
