import type { RunQuery } from '../api/client';
import { orderBy } from './columns';
import { toFilter } from './filter';

export interface RunsSearch {
  filter?: string | undefined;
  sort?: string | undefined;
  cols?: string | undefined;
  tree?: 'flat' | undefined;
  state?: 'deleted' | 'all' | undefined;
}

/** The address of the runs table → what is asked of the server. */
export function runsQuery(experimentId: string, { filter, sort, state }: RunsSearch): Omit<RunQuery, 'limit' | 'pageToken'> {
  const sent = toFilter(filter ?? '');
  const order = orderBy(sort);
  return {
    experiment: [experimentId],
    ...(sent ? { filter: sent } : {}),
    ...(order ? { orderBy: [order] } : {}),
    ...(state ? { state } : {}),
  };
}
