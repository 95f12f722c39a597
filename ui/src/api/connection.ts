import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from './client';
import { queries } from './queries';

/** How often a server that is there is asked whether it still is: a page that asks for nothing would not notice. */
const usualMs = 15_000;
const awayMs = 3_000;

/** True while the server does not answer. It is then asked every few seconds, until it does; then the page is brought up to date. */
export function useUnreachable(): boolean {
  const client = useQueryClient();
  const router = useRouter();
  const [away, setAway] = useState(false);
  useEffect(() => client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return;
    if (event.action.type === 'success') setAway(false);
    else if (event.action.type === 'error' || event.action.type === 'failed') {
      const { error } = event.action;
      setAway(error instanceof ApiError && error.status === 0);
    }
  }), [client]);
  useQuery({ ...queries.server(), refetchInterval: away ? awayMs : usualMs });
  const wasAway = useRef(false);
  useEffect(() => {
    if (wasAway.current && !away) {
      void client.invalidateQueries();
      // A page that could not be shown meanwhile is shown.
      void router.invalidate();
    }
    wasAway.current = away;
  }, [away, client, router]);
  return away;
}

/** Asks whether the server is still there, because something went wrong that may come of its absence. */
export const askWhetherAway = (client: QueryClient): void => void client.refetchQueries({ queryKey: queries.server().queryKey });

/** Waits until the server answers; false where it had to wait. */
export async function untilAnswering(client: QueryClient): Promise<boolean> {
  for (let first = true; ; first = false) {
    try {
      await client.fetchQuery({ ...queries.server(), staleTime: 0, retry: false });
      return first;
    } catch (error) {
      if (error instanceof ApiError && error.status !== 0) return first;
      await new Promise((resolve) => setTimeout(resolve, awayMs));
    }
  }
}
