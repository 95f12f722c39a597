import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { arriving } from '../arriving';
import { readFileHead, readRange } from '../api/client';
import type { ManifestEntry } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones } from '../design/kit';
import { decodeText, previewKind } from '../files/preview';
import { csvTable, type Table } from '../files/table';
import { formatBytes } from '../format/numbers';
import style from './artifacts.module.css';
import type { FileChange } from './manifestDiff';

const DiffView = lazy(arriving(() => import('../files/DiffView'), (m) => ({ default: m.DiffView })));
const TableDiff = lazy(arriving(() => import('./TableDiff'), (m) => ({ default: m.TableDiff })));

/** Files beyond this are not read only to be compared. */
const most = 12_000_000;

interface Side {
  table: Table | null;
  text: string | null;
}

/** What changed in a file: tables by the figures of their columns, texts by their lines, pictures beside each other. */
export function FileDiff({ change, beforeUrl, afterUrl }: { change: FileChange; beforeUrl: string | null; afterUrl: string | null }) {
  const { before, after, kind } = change;
  if (kind === 'moved') return <p className={style.nothing}>Moved from {change.from}. Its content is the same.</p>;
  const form = previewKind(change.path);
  if (form === 'image') return <Pictures beforeUrl={beforeUrl} afterUrl={afterUrl} />;
  const large = Math.max(before?.size ?? 0, after?.size ?? 0);
  if (form === 'none') return <p className={style.nothing}>This kind of file is not compared. Its content {kind === 'changed' ? 'changed' : `was ${kind}`}.</p>;
  if (large > most && form !== 'parquet') return <p className={style.nothing}>With {formatBytes(large)} this file is too large to be compared here.</p>;
  return <Contents change={change} beforeUrl={beforeUrl} afterUrl={afterUrl} />;
}

function Contents({ change, beforeUrl, afterUrl }: { change: FileChange; beforeUrl: string | null; afterUrl: string | null }) {
  const form = previewKind(change.path);
  const { data, error } = useQuery({
    queryKey: ['file diff', beforeUrl, afterUrl, change.before?.digest, change.after?.digest],
    queryFn: ({ signal }) => Promise.all([readSide(change.before, beforeUrl, form, signal), readSide(change.after, afterUrl, form, signal)]),
    staleTime: Infinity,
    retry: false,
  });
  if (error) return <ErrorPanel error={error} />;
  if (!data) return <Bones lines={6} />;
  const [before, after] = data;
  return (
    <Suspense fallback={<Bones lines={6} />}>
      {before.table !== null || after.table !== null ? <TableDiff before={before.table} after={after.table} />
        : before.text === null || after.text === null ? <p className={style.nothing}>These bytes are no text: only that they changed can be told.</p>
          : <DiffView before={before.text} after={after.text} label={`Changes of ${change.path}`} />}
    </Suspense>
  );
}

async function readSide(entry: ManifestEntry | null, url: string | null, form: string, signal: AbortSignal): Promise<Side> {
  if (!entry || !url) return { table: null, text: form === 'table' || form === 'parquet' ? null : '' };
  if (form === 'parquet') {
    const { readParquet } = await import('../files/parquet');
    return { text: null, table: await readParquet(entry.size, (from, to) => readRange(url, from, to, signal)) };
  }
  const { bytes, truncated } = await readFileHead(url, entry.size, most, signal);
  const text = decodeText(bytes, truncated);
  return form === 'table' && text !== null ? { table: csvTable(text, truncated), text: null } : { table: null, text };
}

function Pictures({ beforeUrl, afterUrl }: { beforeUrl: string | null; afterUrl: string | null }) {
  return (
    <div className={style.pictures}>
      {[['before', beforeUrl], ['after', afterUrl]].map(([word, url]) => (
        <figure key={word}><figcaption>{word}</figcaption>{url ? <img src={url} alt={`The picture ${word}`} /> : <p className={style.nothing}>not there</p>}</figure>
      ))}
    </div>
  );
}
