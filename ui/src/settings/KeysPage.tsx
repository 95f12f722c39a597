import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { AddedKey, KeyInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Card, Command, kit } from '../design/kit';
import { TimeAgo } from '../design/Time';
import list from '../experiments/experiments.module.css';
import { count } from '../format/numbers';
import { exactTime } from '../format/time';
import { useTitle } from '../shell/title';
import { tell } from '../shell/toasts';
import style from './accounts.module.css';
import { BrowsersCard } from './BrowsersCard';
import { PasswordCard } from './PasswordCard';
import { SettingsHead } from './SettingsHead';
import { ShownOnce } from './ShownOnce';

export const Route = createLazyRoute('/settings/keys')({ component: KeysPage });

/** Keys for programs, and what else is one's own: the password, and the browsers that are logged in. */
function KeysPage() {
  const { data: who } = useSuspenseQuery(queries.session());
  useTitle('Keys');
  return (
    <>
      <SettingsHead />
      <div className={style.page}>
        {who.isOperator ? <NoKeys hasUsers={who.hasUsers} /> : (
          <>
            <OwnKeys name={who.name} />
            <div className={style.pair}>
              <PasswordCard name={who.name} />
              <BrowsersCard />
            </div>
          </>
        )}
      </div>
    </>
  );
}

function NoKeys({ hasUsers }: { hasUsers: boolean }) {
  return (
    <Card title="Keys belong to users" icon="info">
      <div className={style.stack}>
        <p>{hasUsers
          ? 'This browser showed the server’s own key, which is no user’s.'
          : 'This server has no users yet. Programs on this machine need no key, or the one that the server was started with.'}</p>
        <p><Link to="/settings/users">Add users</Link>, and each can make keys for programs here.</p>
      </div>
    </Card>
  );
}

function OwnKeys({ name }: { name: string }) {
  const { data: { keys } } = useSuspenseQuery(queries.keys());
  const [made, setMade] = useState<AddedKey>();
  return (
    <>
      {made && (
        <ShownOnce what={`Key “${made.info.name}”.`} secret={made.key} onDone={() => setMade(undefined)}>
          <Command text={`export CAIRN_URL=${location.origin} CAIRN_API_KEY=${made.key}\nexport MLFLOW_TRACKING_URI=${location.origin} MLFLOW_TRACKING_TOKEN=${made.key}\nexport WANDB_BASE_URL=${location.origin} WANDB_API_KEY=${made.key}`} />
        </ShownOnce>
      )}
      <Card title={`Keys of ${name}`} icon="user" more={count(keys.length, 'key')} flush>
        {keys.length === 0 ? <p className={style.nothing}>No key yet. A program shows one to be let in under your name.</p> : (
          <table className={`${list.table} ${style.table}`}>
            <thead><tr><th scope="col">Key</th><th scope="col" className={list.wide}>Made</th><th scope="col">Last used</th><th scope="col" className={list.wide}>Expires</th><th scope="col"><span className="quiet">Actions</span></th></tr></thead>
            <tbody>{keys.map((key) => <KeyRow key={key.id} info={key} />)}</tbody>
          </table>
        )}
      </Card>
      <AddKey onMade={setMade} />
    </>
  );
}

const lives = [['', 'until it is revoked'], ['30', '30 days'], ['90', '90 days'], ['365', 'a year']] as const;

function AddKey({ onMade }: { onMade: (key: AddedKey) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [days, setDays] = useState('');
  const add = useMutation({
    mutationFn: () => api.addKey(name.trim(), days === '' ? null : Date.now() + Number(days) * 86_400_000),
    onSuccess: (key) => {
      setName('');
      onMade(key);
      return client.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Card title="Make a key" icon="bolt">
      <form className={style.stack} onSubmit={submit}>
        <div className={style.line}>
          <label className={style.field}>What it is for <input value={name} required maxLength={100} placeholder="laptop" autoComplete="off" onChange={(event) => setName(event.target.value)} /></label>
          <label className={style.field}>Good for <select value={days} onChange={(event) => setDays(event.target.value)}>{lives.map(([value, word]) => <option key={value} value={value}>{word}</option>)}</select></label>
          <button type="submit" className={`${kit.button} ${style.primary}`} disabled={add.isPending || name.trim() === ''}>{add.isPending ? 'Making …' : 'Make a key'}</button>
        </div>
        {add.error && <ErrorPanel error={add.error} />}
      </form>
    </Card>
  );
}

function KeyRow({ info }: { info: KeyInfo }) {
  const client = useQueryClient();
  const [isSure, setSure] = useState(false);
  const revoke = useMutation({
    mutationFn: () => api.revokeKey(info.id),
    onError: (error) => tell({ text: error.message, bad: true }),
    onSuccess: () => {
      tell({ text: `Key “${info.name}” is revoked: programs that use it are refused from now on` });
      return client.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  const isOver = typeof info.expiresAt === 'number' && info.expiresAt <= Date.now();
  return (
    <tr>
      <td><strong className={style.name}>{info.name}</strong> <code className={style.muted}>…{info.hint}</code></td>
      <td className={list.wide}><TimeAgo at={info.createdAt} /></td>
      <td>{info.lastUsedAt ? <TimeAgo at={info.lastUsedAt} /> : <span className={list.none}>never</span>}</td>
      <td className={list.wide}>{info.expiresAt ? <span title={exactTime(info.expiresAt)}>{isOver ? 'expired' : exactTime(info.expiresAt).slice(0, 10)}</span> : <span className={list.none}>never</span>}</td>
      <td className={style.actions}>
        {isSure
          ? <><button type="button" className={`${kit.button} ${style.danger}`} autoFocus disabled={revoke.isPending} onClick={() => revoke.mutate()}>Revoke for good</button> <button type="button" className={kit.button} onClick={() => setSure(false)}>Keep</button></>
          : <button type="button" className={kit.button} onClick={() => setSure(true)} aria-label={`Revoke ${info.name}`}>Revoke</button>}
      </td>
    </tr>
  );
}
