import { type ChartsSearch, readChartsSearch } from '../charts/look';
import { type MediaSearch, readMediaSearch } from '../media/mediaSearch';
import { oneOf, text } from '../search';

export interface CompareSearch extends ChartsSearch, MediaSearch {
  /** Ids, in the order of the columns. */
  runs?: string | undefined;
  view?: 'charts' | 'code' | undefined;
  /** The run that the others are held against; the first where none is named. */
  base?: string | undefined;
  all?: 'yes' | undefined;
  large?: string | undefined;
}

/** More columns than that nobody reads beside each other. */
export const mostCompared = 50;

export function readCompareSearch(s: Record<string, unknown>): CompareSearch {
  return { ...readChartsSearch(s), ...readMediaSearch(s), runs: text(s['runs']), view: oneOf(s['view'], ['charts', 'code']), base: text(s['base']), all: oneOf(s['all'], ['yes']), large: text(s['large']) };
}

/** The ids of the address, each once. */
export const runsOf = (runs: string | undefined): string[] => [...new Set((runs ?? '').split(',').filter((id) => id !== ''))];
