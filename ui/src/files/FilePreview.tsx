import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { arriving } from '../arriving';
import { readFileHead, readRange } from '../api/client';
import type { Json } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, CopyButton, kit, Segments, ShortId } from '../design/kit';
import { formatBytes } from '../format/numbers';
import type { BrowsedFile } from './FileBrowser';
import style from './files.module.css';
import type { DocumentPlace } from './Markdown';
import { parseNotebook } from './notebook';
import { decodeText, hasSource, type PreviewKind, previewKind } from './preview';
import { csvTable } from './table';
import { TableView } from './TableView';
import { yamlPieces } from './yamlColors';

// What only some files need comes when such a file is looked at.
const Markdown = lazy(arriving(() => import('./Markdown'), (m) => ({ default: m.Markdown })));
const NotebookView = lazy(arriving(() => import('./NotebookView'), (m) => ({ default: m.NotebookView })));
const PatchView = lazy(arriving(() => import('./PatchView'), (m) => ({ default: m.PatchView })));
const JsonTree = lazy(arriving(() => import('./JsonTree'), (m) => ({ default: m.JsonTree })));

/** As much of a file as is read for a look at it. */
const headBytes: Partial<Record<PreviewKind, number>> = { table: 8_000_000, notebook: 30_000_000, json: 4_000_000, html: 1_000_000 };
const otherHead = 1_000_000;

export interface PreviewProps {
  file: BrowsedFile;
  url: string;
  place: DocumentPlace;
  /** Show the file as the text that it is. */
  source: boolean;
  onSource: (source: boolean) => void;
}

export function FilePreview({ file, url, place, source, onSource }: PreviewProps) {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const kind = previewKind(file.path);
  return (
    <section className={style.preview} aria-label={`Preview of ${name}`}>
      <header className={style.previewHead}>
        <h2 title={file.path}>{file.path}</h2>
        <span className={style.facts}>
          {hasSource(kind) && (
            <Segments label="Show as" value={source ? 'text' : 'page'} options={[['page', kind === 'table' ? 'Table' : 'Preview'], ['text', 'Text']]} onChange={(as) => onSource(as === 'text')} />
          )}
          {formatBytes(file.size)} <ShortId id={file.digest} what="SHA-256" length={8} copy />
          <a className={kit.button} href={url} download={name}><Icon name="download" size={14} /> Download</a>
        </span>
      </header>
      <Suspense fallback={<div className={style.waiting}><Bones lines={6} /></div>}>
        <Body file={file} url={url} name={name} kind={hasSource(kind) && source ? 'text' : kind} place={place} />
      </Suspense>
    </section>
  );
}

function Body({ file, url, name, kind, place }: { file: BrowsedFile; url: string; name: string; kind: PreviewKind; place: DocumentPlace }) {
  switch (kind) {
    case 'image': return <ImagePreview url={url} name={name} />;
    case 'none': return <NoPreview />;
    case 'parquet': return <ParquetPreview file={file} url={url} />;
    case 'html': return <HtmlPreview url={url} name={name} />;
    default: return <TextPreview file={file} url={url} kind={kind} place={place} />;
  }
}

function ImagePreview({ url, name }: { url: string; name: string }) {
  const [failed, setFailed] = useState(false);
  if (failed) return <p className={style.note}>This picture cannot be shown. It can be downloaded.</p>;
  return <div className={style.image}><img src={url} alt={name} onError={() => setFailed(true)} /></div>;
}

function NoPreview() {
  return <p className={style.note}>No preview for this kind of file. It can be downloaded.</p>;
}

/** A stored page in an origin of its own: the server forbids it to run or load anything, and so does the frame. */
function HtmlPreview({ url, name }: { url: string; name: string }) {
  return (
    <>
      <iframe className={style.frame} src={`${url}?view=page`} sandbox="" title={`The page ${name}`} referrerPolicy="no-referrer" loading="lazy" />
      <p className={style.cut}>Scripts of stored pages do not run here, and nothing is loaded from elsewhere. Download the page to open it as it is.</p>
    </>
  );
}

function ParquetPreview({ file, url }: { file: BrowsedFile; url: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['parquet', url, file.digest],
    queryFn: async ({ signal }) => {
      const { readParquet } = await import('./parquet');
      return readParquet(file.size, (from, to) => readRange(url, from, to, signal));
    },
    staleTime: Infinity,
    retry: false,
  });
  if (error) return <div className={style.note}><ErrorPanel error={new Error(`This Parquet file cannot be shown. ${error.message}`)} onRetry={() => void refetch()} /></div>;
  if (!data) return <div className={style.waiting}><Bones lines={6} /></div>;
  return (
    <>
      <TableView table={data} truncated={false} />
      {(data.total ?? 0) > data.rows.length && <p className={style.cut}>The first {data.rows.length} of {data.total} rows. Download the file for the rest.</p>}
    </>
  );
}

function TextPreview({ file, url, kind, place }: { file: BrowsedFile; url: string; kind: PreviewKind; place: DocumentPlace }) {
  const limit = headBytes[kind] ?? otherHead;
  const { data, error, refetch } = useQuery({
    queryKey: ['preview', url, file.digest, limit],
    queryFn: async ({ signal }) => {
      const { bytes, truncated } = await readFileHead(url, file.size, limit, signal);
      return { text: decodeText(bytes, truncated), truncated };
    },
    staleTime: Infinity,
  });
  if (error) return <div className={style.note}><ErrorPanel error={error} onRetry={() => void refetch()} /></div>;
  if (!data) return <div className={style.waiting}><Bones lines={6} /></div>;
  const { text, truncated } = data;
  if (text === null) return <NoPreview />;
  if (text === '') return <p className={style.note}>This file is empty.</p>;
  return (
    <>
      <Written text={text} truncated={truncated} kind={kind} place={place} />
      {truncated && <p className={style.cut}>The first {formatBytes(limit)} of {formatBytes(file.size)}. Download the file for the rest.</p>}
    </>
  );
}

function Written({ text, truncated, kind, place }: { text: string; truncated: boolean; kind: PreviewKind; place: DocumentPlace }) {
  const table = useMemo(() => (kind === 'table' ? csvTable(text, truncated) : null), [kind, text, truncated]);
  const json = useMemo(() => (kind === 'json' && !truncated ? parsed(text) : undefined), [kind, text, truncated]);
  const notebook = useMemo(() => (kind === 'notebook' && !truncated ? parseNotebook(text) : null), [kind, text, truncated]);
  if (table) return <TableView table={table} truncated={truncated} />;
  if (json !== undefined) return <JsonTree value={json} />;
  if (notebook) return <NotebookView notebook={notebook} place={place} />;
  if (kind === 'patch') return <PatchView text={text} />;
  if (kind === 'markdown') return <Markdown text={text} place={place} />;
  return <Lines text={text} yaml={kind === 'yaml'} />;
}

/** The value, or undefined where the text is not one whole JSON document. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const mostColoured = 5_000;

function Lines({ text, yaml }: { text: string; yaml: boolean }) {
  const lines = useMemo(() => (yaml ? text.split('\n') : null), [text, yaml]);
  return (
    <div className={style.text} tabIndex={0} role="region" aria-label="Text of the file">
      <span className={style.copy}><CopyButton text={text} what="text" /></span>
      <pre>
        {lines && lines.length <= mostColoured
          ? lines.map((line, i) => <span key={i}>{yamlPieces(line).map((piece, n) => <span key={n} className={style[`yaml-${piece.role}`]}>{piece.text}</span>)}{i < lines.length - 1 && '\n'}</span>)
          : text}
      </pre>
    </div>
  );
}
