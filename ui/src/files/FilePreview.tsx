import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { readFileHead } from '../api/client';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, CopyButton, kit, ShortId } from '../design/kit';
import { formatBytes } from '../format/numbers';
import { CsvTable } from './CsvTable';
import type { BrowsedFile } from './FileBrowser';
import style from './files.module.css';
import { decodeText, prettyJson, previewKind } from './preview';

/** As much of a file as is read for a look at it. */
const headBytes = 1_000_000;

export function FilePreview({ file, url }: { file: BrowsedFile; url: string }) {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const kind = previewKind(file.path);
  return (
    <section className={style.preview} aria-label={`Preview of ${name}`}>
      <header className={style.previewHead}>
        <h2 title={file.path}>{file.path}</h2>
        <span className={style.facts}>
          {formatBytes(file.size)} <ShortId id={file.digest} what="SHA-256" length={8} copy />
          <a className={kit.button} href={url} download={name}><Icon name="download" size={14} /> Download</a>
        </span>
      </header>
      {kind === 'image' ? <ImagePreview url={url} name={name} /> : kind === 'none' ? <NoPreview /> : <TextPreview file={file} url={url} kind={kind} />}
    </section>
  );
}

function ImagePreview({ url, name }: { url: string; name: string }) {
  const [failed, setFailed] = useState(false);
  if (failed) return <p className={style.note}>This picture cannot be shown. It can be downloaded.</p>;
  return <div className={style.image}><img src={url} alt={name} onError={() => setFailed(true)} /></div>;
}

function NoPreview() {
  return <p className={style.note}>No preview for this kind of file. It can be downloaded.</p>;
}

function TextPreview({ file, url, kind }: { file: BrowsedFile; url: string; kind: 'table' | 'json' | 'text' }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['preview', url, file.digest],
    queryFn: async ({ signal }) => {
      const { bytes, truncated } = await readFileHead(url, file.size, headBytes, signal);
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
      {kind === 'table' ? <CsvTable text={text} truncated={truncated} /> : <Lines text={kind === 'json' && !truncated ? prettyJson(text) : text} />}
      {truncated && <p className={style.cut}>The first {formatBytes(headBytes)} of {formatBytes(file.size)}. Download the file for the rest.</p>}
    </>
  );
}

function Lines({ text }: { text: string }) {
  return (
    <div className={style.text} tabIndex={0} role="region" aria-label="Text of the file">
      <span className={style.copy}><CopyButton text={text} what="text" /></span>
      <pre>{text}</pre>
    </div>
  );
}
