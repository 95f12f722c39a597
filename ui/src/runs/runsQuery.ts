import type { RunQuery } from '../api/client';
import { orderBy } from './columns';
import { toFilter } from './filter';
import type { SelectionSearch } from './selection';

/** Which runs of an experiment are looked at, in which order, and which of them are chosen and drawn. */
export interface RunViewSearch extends SelectionSearch {
  filter?: string | undefined;
  sort?: string | undefined;
  state?: 'archived' | 'deleted' | 'all' | undefined;
}

/** What only the table's address holds. */
export interface RunsSearch {
  cols?: string | undefined;
  /** How many of the columns after the name are pinned beside it. */
  pins?: number | undefined;
  w?: string | undefined;
  tree?: 'flat' | undefined;
  group?: string | undefined;
  agg?: 'min' | 'max' | 'count' | undefined;
  /** Groups that are open, by their values; runs whose nested ones are folded away, by id. */
  open?: string | undefined;
  fold?: string | undefined;
}

/** What a link to another page of the same experiment takes along. */
export function keepView({ filter, sort, state, sel, hide, show }: RunViewSearch): RunViewSearch {
  return { filter, sort, state, sel, hide, show };
}

/** The tag of runs that are out of the way, without being in the bin. */
export const archivedTag = 'cairn.archived';
const isArchived = `tags.\`${archivedTag}\` = 'true'`;

type Asked = Omit<RunQuery, 'limit' | 'pageToken'>;

/** The address of the runs table → what is asked of the server. */
export function runsQuery(experimentId: string, { filter, sort, state }: RunViewSearch): Asked {
  const order = orderBy(sort);
  return { ...runsMeant(experimentId, { filter, state }), ...(order.length > 0 ? { orderBy: order } : {}) };
}

/** The same without an order: what groups and bulk changes are about. */
export function runsMeant(experimentId: string, { filter, state }: RunViewSearch): Omit<Asked, 'orderBy'> {
  const sent = toFilter(filter ?? '');
  const archived = state === 'archived' ? isArchived : state === undefined ? `not ${isArchived}` : undefined;
  const all = sent && archived ? `(${sent}) and ${archived}` : (sent ?? archived);
  return {
    experiment: [experimentId],
    ...(all ? { filter: all } : {}),
    ...(state === 'deleted' || state === 'all' ? { state } : {}),
  };
}
