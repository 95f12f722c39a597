// A table as files hold it: text cells in named columns.
import { parseCsv } from './csv';

export interface Table {
  header: string[];
  rows: string[][];
  /** Rows of the whole file where it is known that there are more than were read. */
  total?: number;
  /** What the file says of its columns' types. */
  types?: string[];
}

export function csvTable(text: string, truncated: boolean): Table {
  const { header, rows } = parseCsv(text, { truncated });
  return { header, rows };
}
