import { useRef, useState } from 'react';
import type { VersionInfo } from '../api/types';
import { Person } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { formatBytes } from '../format/numbers';
import { useKeys } from '../shell/keys';
import { AliasChips } from './AliasChips';
import style from './artifacts.module.css';

/** As many versions as are drawn at once. */
const atOnce = 300;

/** All versions, newest first; `j` and `k` walk through them. */
export function VersionList({ versions, chosen, onChoose }: { versions: readonly VersionInfo[]; chosen: string; onChoose: (version: string) => void }) {
  const [more, setMore] = useState(atOnce);
  const list = useRef<HTMLUListElement>(null);
  const at = versions.findIndex((v) => v.version === chosen);
  const room = Math.max(more, at + 2);
  const walk = (by: number) => {
    const next = versions[Math.max(0, Math.min(versions.length - 1, at + by))];
    if (!next) return;
    onChoose(next.version);
    list.current?.children[versions.indexOf(next)]?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({ j: () => walk(1), k: () => walk(-1) });
  return (
    <ul ref={list} className={style.list} aria-label="Versions">
      {versions.slice(0, room).map((v) => (
        <li key={v.version}>
          <button type="button" aria-current={v.version === chosen ? 'true' : undefined} onClick={() => onChoose(v.version)}>
            <span className={style.listHead}>
              <b>{v.version}</b>
              <AliasChips most={3} aliases={v.aliases.map((alias) => ({ alias }))} />
              <span className={style.when}><TimeAgo at={v.createdAt} /></span>
            </span>
            <span className={style.listFacts}>
              {v.author ? <Person name={v.author} /> : <span>no author</span>}
              <span title={`SHA-256 ${v.digest}`}>{formatBytes(v.size)} · <code>{v.digest.slice(0, 8)}</code></span>
            </span>
          </button>
        </li>
      ))}
      {versions.length > room && <li><button type="button" onClick={() => setMore(room + atOnce)}>Show {Math.min(atOnce, versions.length - room)} more of {versions.length}</button></li>}
    </ul>
  );
}
