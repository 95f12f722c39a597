// Delimited text → rows (RFC 4180: quotes, doubled quotes, line breaks inside quotes), for previews.

export interface Csv {
  header: string[];
  rows: string[][];
  delimiter: string;
}

export interface CsvOptions {
  /** True where the text is only the head of the file: its last row may be cut, so it is left out. */
  truncated?: boolean;
  delimiter?: string;
}

export function parseCsv(text: string, { truncated = false, delimiter = sniffDelimiter(text) }: CsvOptions = {}): Csv {
  const rows = parseRows(text.startsWith('\ufeff') ? text.slice(1) : text, delimiter);
  if (truncated && rows.length > 1) rows.pop();
  const header = rows.shift() ?? [];
  return { header, rows, delimiter };
}

function parseRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const endRow = () => {
    // A line with nothing on it is no row.
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  while (at < text.length) {
    let field: string;
    if (text[at] === '"') [field, at] = quotedField(text, at + 1, delimiter);
    else {
      const end = fieldEnd(text, at, delimiter);
      field = text.slice(at, end);
      at = end;
    }
    row.push(field);
    if (at >= text.length) break;
    if (text[at] === delimiter) {
      at++;
      if (at === text.length) row.push('');
      continue;
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
    endRow();
  }
  if (row.length > 0) endRow();
  return rows;
}

/** Reads from after the opening quote; returns the text and where the next delimiter or line end stands. */
function quotedField(text: string, from: number, delimiter: string): [string, number] {
  let field = '';
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [field + text.slice(at), text.length];
    field += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      // Whatever stands between the closing quote and the delimiter belongs to the field, as spreadsheets read it.
      const end = fieldEnd(text, quote + 1, delimiter);
      return [field + text.slice(quote + 1, end), end];
    }
    field += '"';
    at = quote + 2;
  }
}

function fieldEnd(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === delimiter || char === '\n' || char === '\r') break;
    at++;
  }
  return at;
}

/** The candidate that the first lines hold most evenly and most often; a comma where none is there. */
export function sniffDelimiter(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r?\n/).slice(0, 10).filter((line) => line !== '');
  let best = ',';
  let bestScore = 0;
  for (const candidate of [',', ';', '\t', '|']) {
    const counts = lines.map((line) => unquoted(line).split(candidate).length - 1);
    const least = Math.min(...counts);
    const score = least * 1000 + (counts[0] ?? 0);
    if (least > 0 && score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

function unquoted(line: string): string {
  return line.replace(/"[^"]*"/g, '');
}

/** Which columns hold only numbers (and gaps), so that they are set to the right. */
export function numericColumns(csv: Csv, sample = 200): boolean[] {
  return csv.header.map((_, column) => {
    let seen = false;
    for (const row of csv.rows.slice(0, sample)) {
      const value = row[column]?.trim() ?? '';
      if (value === '' || value === 'NA' || value === 'NaN' || value === 'null') continue;
      if (!Number.isFinite(Number(value))) return false;
      seen = true;
    }
    return seen;
  });
}
