import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { askWhetherAway } from './connection';
import { listen } from './events';
import { queries } from './queries';
import type { ChangeKind } from './types';

/** Keeps everything shown of one run fresh. `onLogs` is called where log lines were added or rewritten. */
export function useLiveRun(runId: string, onLogs?: () => void): void {
  const client = useQueryClient();
  useEffect(() => {
    const refresh = paced((changed: Set<ChangeKind | 'all'>) => {
      const all = changed.has('all');
      const parts = all ? ['detail', 'series', 'files'] : partsOf(changed as Set<ChangeKind>);
      if (all || changed.has('logs')) onLogs?.();
      return Promise.all(parts.map((part) => client.invalidateQueries({ queryKey: ['run', runId, part] })));
    }, 500);
    const { queryKey } = queries.run(runId);
    const stop = listen({ run: runId }, {
      onEvent: (event) => refresh.add(event.changed),
      // Nearly always nothing did: the rest is asked for again only where the run itself is another one by now.
      onBegin: () => {
        const before = client.getQueryData(queryKey);
        void client.invalidateQueries({ queryKey }).then(() => {
          if (client.getQueryData(queryKey) !== before) refresh.add(['all']);
        });
      },
      onGap: () => refresh.add(['all']),
      onLost: () => askWhetherAway(client),
    });
    return () => {
      stop();
      refresh.stop();
    };
  }, [client, runId, onLogs]);
}

function partsOf(changed: ReadonlySet<ChangeKind>): string[] {
  const parts = ['detail'];
  if (changed.has('series')) parts.push('series');
  if (changed.has('files')) parts.push('files');
  return parts;
}

/** Keeps the runs and artifacts of an experiment fresh; a table of many rows is asked for again more slowly. */
export function useLiveExperiment(experimentId: string): void {
  const client = useQueryClient();
  useEffect(() => {
    const refresh = paced((changed: Set<ChangeKind | 'all'>) => {
      const stale: unknown[][] = [['runs', [experimentId]]];
      if (changed.has('all') || changed.has('info')) stale.push(['experiment', experimentId]);
      if (changed.has('all') || changed.has('artifacts')) stale.push(['artifacts', experimentId], ['artifact', experimentId]);
      return renew(client, stale);
    }, 2_000);
    const stop = listen({ experiment: experimentId }, {
      onEvent: (event) => refresh.add(event.changed),
      onBegin: () => refresh.add(['all']),
      onGap: () => refresh.add(['all']),
      onLost: () => askWhetherAway(client),
    });
    return () => {
      stop();
      refresh.stop();
    };
  }, [client, experimentId]);
}

/** Asks anew for what is shown of these; an answer that is on its way is waited for, not asked for once more. */
async function renew(client: QueryClient, keys: readonly unknown[][]): Promise<void> {
  const ask = () => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }, { cancelRefetch: false })));
  const wasUnderWay = keys.some((queryKey) => client.isFetching({ queryKey }) > 0);
  await ask();
  // That answer may be of before the change.
  if (wasUnderWay) await ask();
}

/**
 * Gathers what is added and acts at once, then at most once per interval; and never spends more than a fifth of the time
 * on it, so that a busy server or a table of very many rows is asked less often.
 */
function paced<T>(act: (gathered: Set<T>) => Promise<unknown>, interval: number): { add: (items: readonly T[]) => void; stop: () => void } {
  let gathered = new Set<T>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let stopped = false;
  const flush = () => {
    timer = undefined;
    if (gathered.size === 0 || busy) return;
    const now = gathered;
    gathered = new Set();
    const from = performance.now();
    busy = true;
    void act(now).finally(() => {
      busy = false;
      if (!stopped) timer = setTimeout(flush, Math.max(interval, 4 * (performance.now() - from)));
    });
  };
  return {
    add: (items) => {
      for (const item of items) gathered.add(item);
      if (timer === undefined) flush();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
