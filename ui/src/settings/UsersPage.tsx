import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { SessionInfo, UserInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Card, Chip, Command, kit, Person } from '../design/kit';
import { Menu, MenuItem } from '../design/Menu';
import { TimeAgo } from '../design/Time';
import list from '../experiments/experiments.module.css';
import { count } from '../format/numbers';
import { useTitle } from '../shell/title';
import { tell } from '../shell/toasts';
import style from './accounts.module.css';
import { RemoveUserDialog } from './RemoveUserDialog';
import { ResetPasswordDialog } from './ResetPasswordDialog';
import { SettingsHead } from './SettingsHead';
import { ShownOnce } from './ShownOnce';

export const Route = createLazyRoute('/settings/users')({ component: UsersPage });

interface Secret { user: string; password: string }

/** Who may use the server. */
function UsersPage() {
  const { data: who } = useSuspenseQuery(queries.session());
  const { data: { users } } = useSuspenseQuery(queries.users());
  const [secret, setSecret] = useState<Secret>();
  useTitle('Users');
  const mayManage = who.isAdmin;
  return (
    <>
      <SettingsHead />
      <div className={style.page}>
        {!who.hasUsers && <Beginning />}
        {secret && <ShownOnce what={`Password of ${secret.user}.`} secret={secret.password} onDone={() => setSecret(undefined)} />}
        {who.hasUsers && (
          <Card title="Users" icon="user" more={count(users.length, 'user')} flush>
            <table className={`${list.table} ${style.table}`}>
              <thead><tr><th scope="col">Name</th><th scope="col">Rights</th><th scope="col" className={list.wide}>Added</th>{mayManage && <th scope="col"><span className="quiet">Actions</span></th>}</tr></thead>
              <tbody>{users.map((user) => <UserRow key={user.name} user={user} who={who} onSecret={setSecret} mayManage={mayManage} />)}</tbody>
            </table>
          </Card>
        )}
        {mayManage && <AddUser isFirst={!who.hasUsers} onSecret={setSecret} />}
      </div>
    </>
  );
}

function Beginning() {
  return (
    <Card title="This server has no users" icon="info">
      <div className={style.stack}>
        <p>Whoever reaches it may do everything, and runs carry the name that their client gives. With users, everybody logs in or sends a key, every run, approval and promotion carries the real name, and other machines may be let in.</p>
        <p>Add yourself as the first admin below, or on the machine of the server:</p>
        <Command text={'cairn user add ada --admin\ncairn key add laptop --user ada\ncairn server --listen 0.0.0.0:5080'} />
        <p className={style.muted}>From then on this page asks for a login too. There is no way back to a server without users.</p>
      </div>
    </Card>
  );
}

function AddUser({ isFirst, onSecret }: { isFirst: boolean; onSecret: (secret: Secret) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [isAdmin, setAdmin] = useState(false);
  const [own, setOwn] = useState('');
  const add = useMutation({
    mutationFn: async () => {
      const added = await api.addUser(name.trim(), isFirst || isAdmin, isFirst ? own : undefined);
      // From the first user on, the server asks this browser too who it is.
      if (isFirst) await api.logIn(name.trim(), own);
      return added;
    },
    onSuccess: ({ user, password }) => {
      setName('');
      setAdmin(false);
      setOwn('');
      if (password) onSecret({ user: user.name, password });
      return isFirst ? client.invalidateQueries() : client.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Card title={isFirst ? 'The first user' : 'Add a user'} icon="user">
      <form className={style.stack} onSubmit={submit}>
        <div className={style.line}>
          <label className={style.field}>Name <input value={name} required maxLength={64} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => setName(event.target.value)} /></label>
          {isFirst ? (
            <label className={style.field}>Password, at least 12 characters <input type="password" value={own} required minLength={12} maxLength={256} autoComplete="new-password" onChange={(event) => setOwn(event.target.value)} /></label>
          ) : <label className={style.check}><input type="checkbox" checked={isAdmin} onChange={(event) => setAdmin(event.target.checked)} /> Admin: may do everything, and manage users</label>}
          <button type="submit" className={`${kit.button} ${style.primary}`} disabled={add.isPending || name.trim() === '' || (isFirst && own.length < 12)}>{add.isPending ? 'Adding …' : isFirst ? 'Add me as admin' : 'Add'}</button>
        </div>
        <p className={style.muted}>{isFirst ? 'The first user is an admin, and is logged in here at once.' : 'The server makes a password and shows it once. The user can change it under Keys.'}</p>
        {add.error && <ErrorPanel error={add.error} />}
      </form>
    </Card>
  );
}

function UserRow({ user, who, mayManage, onSecret }: { user: UserInfo; who: SessionInfo; mayManage: boolean; onSecret: (secret: Secret) => void }) {
  const client = useQueryClient();
  const failed = (error: Error) => tell({ text: error.message, bad: true });
  const renew = () => Promise.all([client.invalidateQueries({ queryKey: ['users'] }), client.invalidateQueries({ queryKey: ['session'] })]);
  const change = useMutation({
    mutationFn: (to: { isAdmin?: boolean; isActive?: boolean }) => api.changeUser(user.name, to),
    onError: failed,
    onSuccess: (now) => {
      tell({ text: `${now.name} is ${now.isActive ? (now.isAdmin ? 'an admin' : 'a user') : 'deactivated: no password, key or session works any more'}` });
      return renew();
    },
  });
  const endAll = useMutation({ mutationFn: () => api.endSessions(user.name), onError: failed, onSuccess: () => tell({ text: `${user.name} is logged out everywhere` }) });
  const [asked, setAsked] = useState<'reset' | 'remove'>();
  const isSelf = !who.isOperator && who.name === user.name;
  return (
    <tr>
      <td className={style.user}><Person name={user.name} />{isSelf && <> <Chip tone="soft">you</Chip></>}</td>
      <td>{user.isAdmin ? <Chip tone="accent">admin</Chip> : 'user'}{!user.isActive && <> <Chip>deactivated</Chip></>}</td>
      <td className={list.wide}><TimeAgo at={user.createdAt} /></td>
      {mayManage && (
        <td className={style.actions}>
          <Menu label={`Change ${user.name}`} button="Change" align="right" role="menu">
            {(close) => {
              const act = (work: () => void) => () => { close(); work(); };
              return (
                <>
                  <MenuItem onSelect={act(() => change.mutate({ isAdmin: !user.isAdmin }))}>{user.isAdmin ? 'Take the admin right away' : 'Make an admin'}</MenuItem>
                  <MenuItem onSelect={act(() => change.mutate({ isActive: !user.isActive }))}>{user.isActive ? 'Deactivate' : 'Activate'}</MenuItem>
                  {!isSelf && <MenuItem onSelect={act(() => setAsked('reset'))}>Reset the password …</MenuItem>}
                  <MenuItem onSelect={act(() => endAll.mutate())}>Log out everywhere</MenuItem>
                  {!isSelf && <MenuItem onSelect={act(() => setAsked('remove'))}>Remove …</MenuItem>}
                </>
              );
            }}
          </Menu>
          {asked === 'reset' && <ResetPasswordDialog name={user.name} onSecret={onSecret} onClose={() => setAsked(undefined)} />}
          {asked === 'remove' && <RemoveUserDialog name={user.name} onClose={() => setAsked(undefined)} />}
        </td>
      )}
    </tr>
  );
}
