import { type ChartsSearch, readChartsSearch } from '../charts/look';
import { type MediaSearch, readMediaSearch } from '../media/mediaSearch';
import { text, wholeNumber } from '../search';

/** What the address of the workspace holds beside which runs are looked at. */
export interface WorkspaceSearch extends ChartsSearch, MediaSearch {
  /** How many runs, from the first of the table on. */
  n?: number | undefined;
  /** Column whose values make groups. */
  group?: string | undefined;
  panels?: string | undefined;
  brush?: string | undefined;
  /** Sections that are folded. */
  closed?: string | undefined;
  /** The chart that is drawn large. */
  large?: string | undefined;
}

export const defaultRuns = 100;
export const mostRuns = 1000;

export function readWorkspaceSearch(s: Record<string, unknown>): WorkspaceSearch {
  const n = wholeNumber(s['n']);
  return {
    ...readChartsSearch(s),
    ...readMediaSearch(s),
    n: n === undefined || n < 1 || n === defaultRuns ? undefined : Math.min(n, mostRuns),
    group: text(s['group']),
    panels: text(s['panels']),
    brush: text(s['brush']),
    closed: text(s['closed']),
    large: text(s['large']),
  };
}

export const splitNames = (names: string | undefined): Set<string> =>
  new Set(names === undefined ? [] : names.split(',').map((name) => decodeURIComponent(name.replace(/^~$/, ''))));

/** '~' stands for the section without a name. */
export const joinNames = (names: Iterable<string>): string | undefined =>
  [...names].map((name) => (name === '' ? '~' : name.replace(/[%,~]/g, encodeURIComponent).replaceAll('~', '%7E'))).join(',') || undefined;
