import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { cellText, readParquet } from './parquet';

function written(rows: number): { size: number; read: (from: number, to: number) => Promise<ArrayBuffer>; asked: number[] } {
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'day', data: Array.from({ length: rows }, (_, i) => new Date(Date.UTC(2012, 0, 1 + i))), type: 'TIMESTAMP' },
      { name: 'wind', data: Array.from({ length: rows }, (_, i) => (i % 10 === 3 ? null : i / 2)), type: 'DOUBLE' },
      { name: 'weather', data: Array.from({ length: rows }, (_, i) => (i % 2 ? 'sun' : 'rain')), type: 'STRING' },
      { name: 'big', data: Array.from({ length: rows }, (_, i) => BigInt(i)), type: 'INT64' },
    ],
    rowGroupSize: 4_000,
  });
  const asked: number[] = [];
  return { size: buffer.byteLength, asked, read: async (from, to) => {
    asked.push(to - from);
    return buffer.slice(from, to);
  } };
}

test('columns, types and rows of a Parquet file, with gaps as gaps', async () => {
  const { size, read } = written(30);
  const table = await readParquet(size, read);
  expect(table.header).toEqual(['day', 'wind', 'weather', 'big']);
  expect(table.total).toBe(30);
  expect(table.rows[0]).toEqual(['2012-01-01', '0', 'rain', '0']);
  expect(table.rows[3]).toEqual(['2012-01-04', '', 'sun', '3']);
});

test('of a long file only the head is read', async () => {
  const { size, read } = written(40_000);
  const table = await readParquet(size, read);
  expect(table.total).toBe(40_000);
  expect(table.rows).toHaveLength(10_000);
  expect(table.rows[9_999]![3]).toBe('9999');
});

test('a file that is no Parquet file is refused', async () => {
  const bytes = new TextEncoder().encode('this is no parquet file at all').buffer as ArrayBuffer;
  await expect(readParquet(bytes.byteLength, async (from, to) => bytes.slice(from, to))).rejects.toThrow();
});

test('values of every kind become text', () => {
  expect([null, new Date(Date.UTC(2020, 1, 3, 4, 5, 6)), new Uint8Array(3), { a: 1n }, true, 2.5].map(cellText)).toEqual(['', '2020-02-03 04:05:06', '3 bytes', '{"a":1}', 'true', '2.5']);
});
