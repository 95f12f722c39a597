// Parquet files, read in the browser by ranges: the footer, then the row groups that hold the first rows.
import { gunzipSync } from 'fflate';
import { decompress as unzstd } from 'fzstd';
import { type AsyncBuffer, type Compressors, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { Table } from './table';

/** As many rows as are worth scrolling through. */
const mostRows = 10_000;
/** Row groups are read whole; one larger than this is not fetched only for a look. */
const mostBytes = 64_000_000;

const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  ZSTD: (input) => unzstd(input),
};

export type ReadRange = (from: number, to: number) => Promise<ArrayBuffer>;

export async function readParquet(size: number, readRange: ReadRange): Promise<Table> {
  const file: AsyncBuffer = { byteLength: size, slice: (from, to = size) => readRange(from < 0 ? size + from : from, to < 0 ? size + to : to) };
  const metadata = await parquetMetadataAsync(file);
  const columns = parquetSchema(metadata).children;
  const header = columns.map(({ element }) => element.name);
  const types = columns.map(({ element }) => typeOf(element));
  const total = Number(metadata.num_rows);
  const { rowEnd, bytes } = reach(metadata.row_groups.map((group) => ({ rows: Number(group.num_rows), bytes: Number(group.total_compressed_size ?? group.total_byte_size) })));
  if (bytes > mostBytes) throw new Error(`Its first group of rows is ${Math.round(bytes / 1e6)} MB large, too much for a look. Download the file instead.`);
  const objects = total === 0 ? [] : await parquetReadObjects({ file, metadata, compressors, rowStart: 0, rowEnd });
  return { header, types, total, rows: objects.map((row) => header.map((name) => cellText(row[name]))) };
}

/** How many rows are read, and how many bytes the groups that hold them have. */
function reach(groups: readonly { rows: number; bytes: number }[]): { rowEnd: number; bytes: number } {
  let rowEnd = 0;
  let bytes = 0;
  for (const group of groups) {
    if (rowEnd >= mostRows || (rowEnd > 0 && bytes + group.bytes > mostBytes)) break;
    bytes += group.bytes;
    rowEnd += group.rows;
  }
  return { rowEnd: Math.min(rowEnd, mostRows), bytes };
}

function typeOf(element: { type?: string; converted_type?: string; logical_type?: { type: string } }): string {
  return (element.logical_type?.type ?? element.converted_type ?? element.type ?? 'group').toLowerCase();
}

export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return dateText(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'object') return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner instanceof Uint8Array ? `${inner.length} bytes` : inner));
  return String(value);
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return '';
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('T', ' ').replace(/(\.000)?Z$/, '');
}
