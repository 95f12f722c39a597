import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api } from '../api/client';
import type { RunRow } from '../api/types';
import { type Column, sortField } from './columns';
import { readIds } from '../search';
import { runsQuery, type RunViewSearch } from './runsQuery';

const first = 50;
const step = 200;
/** So many can be chosen at once with a group. */
const mostChosen = 200;

/** The runs of the groups that are open, each as far as it was asked for. */
export function useGroupRuns(experimentId: string, search: RunViewSearch, by: readonly Column[], opened: string | undefined): {
  runsOf: (id: string) => readonly RunRow[] | undefined;
  more: (id: string) => void;
  allOf: (id: string) => Promise<string[]>;
} {
  const [limits, setLimits] = useState<ReadonlyMap<string, number>>(new Map());
  const query = useMemo(() => runsQuery(experimentId, search), [experimentId, search]);
  const pairs = useCallback((id: string) => (JSON.parse(id) as (string | null)[]).map((value, i) => JSON.stringify([sortField(by[i]!), value])), [by]);
  // Groups that were opened under another grouping are none now.
  const open = useMemo(() => readIds(opened).filter((id) => isGroupId(id, by.length)).map((id) => [id, limits.get(id) ?? first] as const), [opened, limits, by]);
  const runs = useQueries({
    queries: open.map(([id, limit]) => ({
      queryKey: ['runs', [experimentId], 'group', query, pairs(id), limit],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.runs({ ...query, is: pairs(id), limit }, signal),
      placeholderData: keepPreviousData,
    })),
    combine: (answers) => new Map(answers.map(({ data }, i) => [open[i]![0], data?.runs ?? []])),
  });
  return {
    runsOf: useCallback((id: string) => runs.get(id), [runs]),
    more: (id) => setLimits((before) => new Map(before).set(id, (before.get(id) ?? first) + step)),
    allOf: async (id) => (await api.runs({ ...query, is: pairs(id), limit: mostChosen })).runs.map(({ run }) => run.id),
  };
}

/** Whether a text of the address is the id of a group by so many columns. */
function isGroupId(id: string, columns: number): boolean {
  try {
    const values = JSON.parse(id) as unknown;
    return Array.isArray(values) && values.length === columns && values.every((value) => value === null || typeof value === 'string');
  } catch {
    return false;
  }
}
