import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { Icon, type IconName } from '../design/Icon';
import { SearchBox } from '../design/SearchBox';
import { count, formatBytes } from '../format/numbers';
import { FilePreview } from './FilePreview';
import style from './files.module.css';
import { type FileEntry, fileRows, firstFile } from './fileTree';
import type { DocumentPlace } from './Markdown';
import { previewKind } from './preview';

export interface BrowsedFile extends FileEntry {
  digest: string;
}

/** A tree of files and a preview of the chosen one. */
export function FileBrowser({ files, chosen, onChoose, urlOf, source = false, onSource }: {
  files: readonly BrowsedFile[]; chosen: string | undefined; onChoose: (path: string) => void; urlOf: (path: string) => string;
  /** Whether the chosen file is shown as the text that it is. */
  source?: boolean; onSource: (source: boolean) => void;
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [q, setQ] = useState('');
  const shown = useMemo(() => {
    const wanted = q.toLowerCase();
    return wanted === '' ? files : files.filter(({ path }) => path.toLowerCase().includes(wanted));
  }, [files, q]);
  const rows = useMemo(() => fileRows(shown, closed), [shown, closed]);
  const current = chosen ?? firstFile(files);
  const file = files.find(({ path }) => path === current);
  const place = useMemo<DocumentPlace>(() => {
    const known = new Set(files.map(({ path }) => path));
    return { path: current ?? '', urlOf: (path) => (known.has(path) ? urlOf(path) : undefined), onOpen: onChoose };
    // The functions are made anew with every drawing, and mean the same.
  }, [files, current]);
  const total = useMemo(() => files.reduce((sum, { size }) => sum + size, 0), [files]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 30, overscan: 20 });
  const toggle = (path: string) => setClosed((before) => {
    const after = new Set(before);
    if (!after.delete(path)) after.add(path);
    return after;
  });

  return (
    <div className={style.browser}>
      <section className={style.side} aria-label="Files">
        <header className={style.sideHead}>
          {files.length > 8 ? <SearchBox value={q} onChange={setQ} placeholder="Find a file" label="Find a file" /> : <h2>Files</h2>}
          <span>{count(files.length, 'file')} · {formatBytes(total)}</span>
        </header>
        <div ref={scroller} className={style.tree}>
          <ul style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]!;
              const folder = row.kind === 'folder';
              return (
                <li key={row.path} style={{ transform: `translateY(${item.start}px)` }}>
                  <button
                    type="button" className={style.entry} style={{ paddingLeft: 10 + row.depth * 16 }} title={row.path}
                    aria-current={!folder && row.path === current ? 'true' : undefined} aria-expanded={folder ? !closed.has(row.path) : undefined}
                    onClick={() => (folder ? toggle(row.path) : onChoose(row.path))}
                  >
                    <Icon name={folder ? (closed.has(row.path) ? 'right' : 'down') : iconOf(row.path)} size={folder ? 11 : 14} />
                    <span className={style.entryName}>{row.name}</span>
                    <span className={style.size}>{formatBytes(row.size)}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </div>
      </section>
      {file ? <FilePreview key={file.path + file.digest} file={file} url={urlOf(file.path)} place={place} source={source} onSource={onSource} /> : (
        <section className={style.preview}><p className={style.note}>{files.length === 0 ? 'There are no files here.' : `There is no file “${current}” here.`}</p></section>
      )}
    </div>
  );
}

const icons: Partial<Record<ReturnType<typeof previewKind>, IconName>> = { image: 'image', table: 'dataset', parquet: 'dataset' };

function iconOf(path: string): IconName {
  return icons[previewKind(path)] ?? 'file';
}
