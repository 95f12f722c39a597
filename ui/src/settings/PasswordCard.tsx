import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { ErrorPanel } from '../design/ErrorPanel';
import { Card, kit } from '../design/kit';
import { tell } from '../shell/toasts';
import style from './accounts.module.css';

export function PasswordCard({ name }: { name: string }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const set = useMutation({
    mutationFn: async () => {
      await api.setPassword('me', { current, password });
      // The server has ended all sessions of the user; this browser goes on with a new one.
      await api.logIn(name, password);
    },
    onSuccess: () => {
      setCurrent('');
      setPassword('');
      tell({ text: 'The password is changed, and other browsers are logged out' });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate();
  };
  return (
    <Card title="Password" icon="user">
      <form className={style.stack} onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={name} readOnly />
        <label className={style.field}>Current password <input type="password" value={current} required maxLength={256} autoComplete="current-password" onChange={(event) => setCurrent(event.target.value)} /></label>
        <label className={style.field}>New password <input type="password" value={password} required minLength={12} maxLength={256} autoComplete="new-password" onChange={(event) => setPassword(event.target.value)} /></label>
        <p className={style.muted}>At least 12 characters. Four or five words that have nothing to do with each other make a good one.</p>
        <div><button type="submit" className={kit.button} disabled={set.isPending || current === '' || password.length < 12}>{set.isPending ? 'Changing …' : 'Change the password'}</button></div>
        {set.error && <ErrorPanel error={set.error} />}
      </form>
    </Card>
  );
}
