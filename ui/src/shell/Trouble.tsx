import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { ApiError } from '../api/client';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import style from './shell.module.css';
import { useTitle } from './title';

/** The page for an address that leads nowhere. */
export function NotFound() {
  useTitle('Not found');
  return (
    <div className={style.trouble}>
      <Icon name="search" size={36} />
      <h1>There is nothing at this address</h1>
      <p>It may have been mistyped, or what it named was deleted.</p>
      <Link to="/" className={kit.button}>All experiments</Link>
    </div>
  );
}

/** The page in place of one that failed; the bar and the way out stay. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const missing = error instanceof ApiError && error.status === 404;
  useTitle(missing ? 'Not found' : 'Error');
  return (
    <div className={style.trouble}>
      <h1>{missing ? 'Not found' : 'This page could not be shown'}</h1>
      <ErrorPanel error={error} />
      <div className={style.actions}>
        <button type="button" className={kit.button} onClick={() => { reset(); void router.invalidate(); }}>Try again</button>
        <Link to="/" className={kit.button}>All experiments</Link>
      </div>
    </div>
  );
}
