import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { listen } from './events';
import type { ChangeKind } from './types';

/** Keeps everything shown of one run fresh. `onLogs` is called where log lines were added or rewritten. */
export function useLiveRun(runId: string, onLogs?: () => void): void {
  const client = useQueryClient();
  useEffect(() => {
    const refresh = paced((changed: Set<ChangeKind | 'all'>) => {
      const all = changed.has('all');
      const parts = all ? ['detail', 'series', 'files'] : partsOf(changed as Set<ChangeKind>);
      for (const part of parts) void client.invalidateQueries({ queryKey: ['run', runId, part] });
      if (all || changed.has('logs')) onLogs?.();
    }, 500);
    const stop = listen({ run: runId }, {
      onEvent: (event) => refresh.add(event.changed),
      onGap: () => refresh.add(['all']),
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
      void refreshRuns(client, experimentId);
      if (changed.has('all') || changed.has('artifacts')) {
        void client.invalidateQueries({ queryKey: ['artifacts', experimentId] });
      }
    }, 2_000);
    const stop = listen({ experiment: experimentId }, {
      onEvent: (event) => refresh.add(event.changed),
      onGap: () => refresh.add(['all']),
    });
    return () => {
      stop();
      refresh.stop();
    };
  }, [client, experimentId]);
}

function refreshRuns(client: QueryClient, experimentId: string): Promise<void> {
  return client.invalidateQueries({ queryKey: ['runs', [experimentId]] }, { cancelRefetch: false });
}

/** Gathers what is added and acts at once, then at most once per interval. */
function paced<T>(act: (gathered: Set<T>) => void, interval: number): { add: (items: readonly T[]) => void; stop: () => void } {
  let gathered = new Set<T>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    if (gathered.size === 0) return;
    const now = gathered;
    gathered = new Set();
    timer = setTimeout(flush, interval);
    act(now);
  };
  return {
    add: (items) => {
      for (const item of items) gathered.add(item);
      if (timer === undefined) flush();
    },
    stop: () => clearTimeout(timer),
  };
}
