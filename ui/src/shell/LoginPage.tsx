import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useId, useRef, useState } from 'react';
import { setLoggedOut } from '../api/account';
import { api, ApiError } from '../api/client';
import { kit } from '../design/kit';
import { Logo } from '../design/Logo';
import style from './login.module.css';
import { useTitle } from './title';

/** In place of every page until the browser is logged in. The address stays, and is shown afterwards. */
export function LoginPage() {
  useTitle('Log in');
  const id = useId();
  const client = useQueryClient();
  const router = useRouter();
  const password = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState('');

  const logIn = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError('');
    try {
      await api.logIn(String(form.get('name')).trim(), String(form.get('password')));
      client.clear();
      setLoggedOut(false);
      await router.invalidate();
    } catch (fault) {
      setError(fault instanceof ApiError ? fault.message : String(fault));
      password.current?.select();
      password.current?.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <main id="main" className={style.page}>
      <form className={style.box} onSubmit={(event) => void logIn(event)} aria-labelledby={`${id}-title`}>
        <div className={style.mark}><Logo /></div>
        <h1 id={`${id}-title`}>Log in to Cairn</h1>
        <label htmlFor={`${id}-name`}>Name</label>
        <input id={`${id}-name`} name="name" required autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={64} />
        <label htmlFor={`${id}-password`}>Password</label>
        <input ref={password} id={`${id}-password`} name="password" type="password" required autoComplete="current-password" maxLength={256} aria-describedby={error ? `${id}-error` : undefined} />
        <p id={`${id}-error`} className={style.error} role="alert">{error}</p>
        <button type="submit" className={`${kit.button} ${style.submit}`} disabled={isBusy}>{isBusy ? 'Logging in …' : 'Log in'}</button>
        <p className={style.help}>No account, or the password is lost? Ask an admin of this server.</p>
      </form>
    </main>
  );
}
