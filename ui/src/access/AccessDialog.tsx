import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { PermissionList } from '../api/types';
import dialogs from '../artifacts/artifacts.module.css';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { kit, Person } from '../design/kit';
import list from '../experiments/experiments.module.css';
import type { AccessPlace } from './place';

const words: Record<string, string> = {
  NO_PERMISSIONS: 'nothing: it is not even listed',
  READ: 'look at everything',
  EDIT: 'add and change',
  MANAGE: 'delete, and say who may do what',
};

/** Gives and takes permissions on an experiment or a model. */
export function AccessDialog({ place, list: given, onClose }: { place: AccessPlace; list: PermissionList; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const client = useQueryClient();
  const users = useQuery({ ...queries.users(), retry: false }).data?.users ?? [];
  const [user, setUser] = useState('');
  const [permission, setPermission] = useState('READ');
  useEffect(() => dialog.current?.showModal(), []);
  const renew = () => client.invalidateQueries({ queryKey: ['permissions'] });
  const set = useMutation({
    mutationFn: (to: { user: string; permission: string }) => api.setPermission(place, to.user, to.permission),
    onSuccess: () => { setUser(''); return renew(); },
  });
  const remove = useMutation({ mutationFn: (name: string) => api.removePermission(place, name), onSuccess: renew });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ user: user.trim(), permission });
  };
  const others = 'experiment' in place ? `${given.default} (${words[given.default]})` : 'what they may do with its experiment';
  return (
    <dialog ref={dialog} className={dialogs.dialog} onClose={onClose} aria-labelledby={`${id}-title`}>
      <form onSubmit={submit}>
        <header>
          <h2 id={`${id}-title`}>Who may do what</h2>
          <button type="button" className={kit.bare} onClick={() => dialog.current?.close()}><Icon name="cross" size={14} label="Close" /></button>
        </header>
        <div className={dialogs.dialogBody}>
          <table className={list.table}>
            <thead><tr><th scope="col">User</th><th scope="col">May</th><th scope="col"><span className="quiet">Actions</span></th></tr></thead>
            <tbody>
              {given.permissions.map((one) => (
                <tr key={one.user}>
                  <td className={dialogs.who}><Person name={one.user} /></td>
                  <td>
                    <select aria-label={`Permission of ${one.user}`} value={one.permission} disabled={set.isPending} onChange={(event) => set.mutate({ user: one.user, permission: event.target.value })}>
                      {Object.keys(words).map((word) => <option key={word} value={word}>{word}</option>)}
                    </select>
                  </td>
                  <td><button type="button" className={kit.bare} disabled={remove.isPending} onClick={() => remove.mutate(one.user)}><Icon name="cross" size={14} label={`Take back what was said of ${one.user}`} /></button></td>
                </tr>
              ))}
              <tr><td>Everybody else</td><td colSpan={2}>{others}</td></tr>
            </tbody>
          </table>
          <div className={dialogs.fields}>
            <label>
              User
              <input value={user} list={`${id}-users`} required maxLength={64} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => setUser(event.target.value)} />
              <datalist id={`${id}-users`}>{users.map((one) => <option key={one.name} value={one.name} />)}</datalist>
            </label>
            <label>
              May
              <select value={permission} onChange={(event) => setPermission(event.target.value)}>
                {Object.entries(words).map(([word, says]) => <option key={word} value={word}>{word}: {says}</option>)}
              </select>
            </label>
          </div>
          {(set.error ?? remove.error) && <ErrorPanel error={(set.error ?? remove.error)!} />}
        </div>
        <footer>
          <button type="button" className={kit.button} onClick={() => dialog.current?.close()}>Close</button>
          <button type="submit" className={`${kit.button} ${dialogs.primary}`} disabled={set.isPending || user.trim() === ''}>Give</button>
        </footer>
      </form>
    </dialog>
  );
}
