import type { RunQuery } from '../api/client';
import { orderBy } from './columns';
import { toFilter } from './filter';
import type { SelectionSearch } from './selection';

/** Which runs of an experiment are looked at, in which order, and which of them are chosen and drawn. */
export interface RunViewSearch extends SelectionSearch {
  filter?: string | undefined;
  sort?: string | undefined;
  state?: 'deleted' | 'all' | undefined;
}

/** What only the table's address holds. */
export interface RunsSearch {
  cols?: string | undefined;
  tree?: 'flat' | undefined;
}

/** What a link to another page of the same experiment takes along. */
export function keepView({ filter, sort, state, sel, hide, show }: RunViewSearch): RunViewSearch {
  return { filter, sort, state, sel, hide, show };
}

/** The address of the runs table → what is asked of the server. */
export function runsQuery(experimentId: string, { filter, sort, state }: RunViewSearch): Omit<RunQuery, 'limit' | 'pageToken'> {
  const sent = toFilter(filter ?? '');
  const order = orderBy(sort);
  return {
    experiment: [experimentId],
    ...(sent ? { filter: sent } : {}),
    ...(order ? { orderBy: [order] } : {}),
    ...(state ? { state } : {}),
  };
}
