import { type ChartsSearch, readChartsSearch } from '../charts/look';
import { oneOf, text, wholeNumber } from '../search';

export interface CompareSearch extends ChartsSearch {
  /** Ids, in the order of the columns. */
  runs?: string | undefined;
  view?: 'charts' | 'code' | undefined;
  /** The run that the others are held against; the first where none is named. */
  base?: string | undefined;
  all?: 'yes' | undefined;
  large?: string | undefined;
  /** Step of media. */
  step?: number | undefined;
}

const most = 50;

export function readCompareSearch(s: Record<string, unknown>): CompareSearch {
  return { ...readChartsSearch(s), runs: text(s['runs']), view: oneOf(s['view'], ['charts', 'code']), base: text(s['base']), all: oneOf(s['all'], ['yes']), large: text(s['large']), step: wholeNumber(s['step']) };
}

export const runsOf = (runs: string | undefined): string[] => [...new Set((runs ?? '').split(',').filter((id) => id !== ''))].slice(0, most);
