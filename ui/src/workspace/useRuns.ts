// The runs of a workspace: the first of the table's, in its order; those chosen there, wherever they stand, when some are.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { queries } from '../api/queries';
import type { RunRow } from '../api/types';
import { runsQuery, type RunViewSearch } from '../runs/runsQuery';
import type { Selection } from '../runs/selection';

export function useRuns(experimentId: string, search: RunViewSearch, selection: Selection, wanted: number) {
  const query = useInfiniteQuery(queries.runs(runsQuery(experimentId, search)));
  const { data, hasNextPage, isFetching, fetchNextPage } = query;
  const found = useMemo(() => data?.pages.flatMap((page) => page.runs) ?? [], [data]);
  useEffect(() => {
    if (found.length > 0 && found.length < wanted && hasNextPage && !isFetching) void fetchNextPage();
  }, [found.length, wanted, hasNextPage, isFetching, fetchNextPage]);

  const { selected } = selection;
  const missing = useMemo(() => {
    const here = new Set(found.map(({ run }) => run.id));
    return data ? selected.filter((id) => !here.has(id)) : [];
  }, [found, selected, data]);
  const others = useQuery(queries.runsById(missing)).data?.runs;
  const rows = useMemo<readonly RunRow[]>(() => {
    // While more runs come in, those of the first page stand alone: drawing every number of runs between would be lost work.
    if (selected.length === 0) return found.slice(0, found.length < wanted && hasNextPage ? data?.pages[0]?.runs.length : wanted);
    const byId = new Map([...found, ...(others ?? [])].map((row) => [row.run.id, row]));
    return selected.flatMap((id) => byId.get(id) ?? []);
  }, [found, others, selected, wanted, hasNextPage, data]);
  return { rows, error: query.error, isPending: query.isPending, retry: () => void query.refetch(), isMore: hasNextPage || found.length > wanted };
}
