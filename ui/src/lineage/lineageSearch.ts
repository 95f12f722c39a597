// The state of a lineage page, as it stands in its address.
import { oneOf, text, wholeNumber } from '../search';
import type { Direction } from './layout';

export interface LineageSearch {
  depth?: number | undefined;
  dir?: Direction | undefined;
  q?: string | undefined;
  /** Ids of nodes that were asked for what is beside them, parted by a bar. */
  open?: string | undefined;
  /** Id of the node that is looked at, where it is not the one that the page is about. */
  at?: string | undefined;
}

export function lineageSearch(raw: Record<string, unknown>): LineageSearch {
  return { depth: wholeNumber(raw['depth']), dir: oneOf(raw['dir'], ['up', 'down']), q: text(raw['q']), open: text(raw['open']), at: text(raw['at']) };
}

export function openedNodes(open: string | undefined): string[] {
  return open === undefined ? [] : [...new Set(open.split('|').filter((id) => id !== ''))];
}
