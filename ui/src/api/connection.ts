import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from './client';
import { queries } from './queries';

/** True while the server does not answer. It is then asked every few seconds, until it does. */
export function useUnreachable(): boolean {
  const client = useQueryClient();
  const [away, setAway] = useState(false);
  useEffect(() => client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    if (event.action.type === 'success') setAway(false);
    else if (event.action.type === 'error' || event.action.type === 'failed') {
      const { error } = event.action;
      setAway(error instanceof ApiError && error.status === 0);
    }
  }), [client]);
  // What was missed meanwhile is fetched by the pages' own streams, which come back by themselves.
  useQuery({ ...queries.server(), refetchInterval: away ? 3_000 : false });
  return away;
}
