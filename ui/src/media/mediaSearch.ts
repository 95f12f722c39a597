import { text, wholeNumber } from '../search';

/** What of the media of a page is in its address. */
export interface MediaSearch {
  step?: number | undefined;
  /** The run whose table or histogram is looked at, where only one fits. */
  of?: string | undefined;
  /** Keys whose tables are seen as rows instead of as the plot that they stand for. */
  rows?: string | undefined;
}

export function readMediaSearch(s: Record<string, unknown>): MediaSearch {
  return { step: wholeNumber(s['step']), of: text(s['of']), rows: text(s['rows']) };
}
