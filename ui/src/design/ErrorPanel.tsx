import { ApiError } from '../api/client';
import { Icon } from './Icon';
import { kit } from './kit';

/** An error in the server's own words, and a way to try again. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const api = error instanceof ApiError ? error : null;
  // What was refused for its content will be refused again.
  const mayPass = api === null || api.status === 0 || api.status >= 500;
  return (
    <div className={kit.error} role="alert">
      <Icon name="warning" />
      <div className={kit.body}>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        {api && api.status > 0 && (
          <p className={kit.where}>
            {api.status} {api.code}
            {api.field ? ` · field ${api.field}` : ''}
          </p>
        )}
        {api?.status === 401 && (
          <p className={kit.where}>This server wants to know who asks: reload the page, and log in (or give the API key as the password).</p>
        )}
      </div>
      {onRetry && mayPass && <button type="button" className={kit.button} onClick={onRetry}>Try again</button>}
    </div>
  );
}
