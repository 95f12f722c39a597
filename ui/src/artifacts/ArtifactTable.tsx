import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ArtifactInfo } from '../api/types';
import { Breakable } from '../design/Breakable';
import { Empty, kit, Segments } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import { TimeAgo } from '../design/Time';
import style from '../experiments/experiments.module.css';
import { count } from '../format/numbers';
import { useRowCursor } from '../shell/useRowCursor';
import { AliasChips } from './AliasChips';
import { TypeIcon } from './TypeIcon';

export interface ArtifactListSearch {
  q?: string | undefined;
  type?: string | undefined;
}

/** As many rows as are drawn at once; the search finds among all. */
const atOnce = 200;

/** Artifacts by name and type; with `where` also of which experiment they are. */
export function ArtifactTable({ artifacts, search, onSearch, onOpen, where = false }: {
  artifacts: readonly ArtifactInfo[]; search: ArtifactListSearch; onSearch: (part: ArtifactListSearch) => void; onOpen: (artifact: ArtifactInfo) => void;
  where?: boolean;
}) {
  const { q = '', type } = search;
  const [room, setRoom] = useState(atOnce);
  const types = [...new Set(artifacts.map((a) => a.type))].sort();
  const wanted = q.toLowerCase();
  const found = artifacts.filter((a) => (type === undefined || a.type === type) && (wanted === '' || `${a.name} ${where ? a.experimentName : ''} ${a.description ?? ''}`.toLowerCase().includes(wanted)));
  const shown = found.slice(0, room);
  const cursor = useRowCursor(shown.length, (row) => onOpen(shown[row]!));
  return (
    <>
      <div className={style.toolbar}>
        <SearchBox value={q} placeholder="Search artifacts" label="Search artifacts by name" onChange={(text) => onSearch({ q: text || undefined })} />
        {types.length > 1 && <Segments label="Type" value={type ?? ''} options={[['', 'all'], ...types.map((t) => [t, t] as const)]} onChange={(t) => onSearch({ type: t || undefined })} />}
        <span className={style.total}>{count(found.length, 'artifact')}</span>
      </div>
      {shown.length === 0 ? <Empty icon="search" title="No artifact matches" /> : (
        <table className={`${style.table} ${style.artifacts}`}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              {where && <th scope="col" className={style.wide}>Experiment</th>}
              <th scope="col" className={style.wide}>Type</th>
              <th scope="col" className={style.right}>Versions</th>
              <th scope="col">Aliases</th>
              <th scope="col">Updated</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((artifact, i) => <Row key={`${artifact.experimentId}/${artifact.name}`} artifact={artifact} current={i === cursor} where={where} />)}
          </tbody>
        </table>
      )}
      {found.length > room && <p className={style.more}><button type="button" className={kit.button} onClick={() => setRoom(room + atOnce)}>Show {Math.min(atOnce, found.length - room)} more of {found.length}</button></p>}
    </>
  );
}

function Row({ artifact, current, where }: { artifact: ArtifactInfo; current: boolean; where: boolean }) {
  const { experimentId, name } = artifact;
  return (
    <tr className={current ? style.current : undefined} aria-current={current || undefined}>
      <td>
        <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} className={`${style.name} ${style.named}`} title={artifact.description ?? name}>
          <TypeIcon type={artifact.type} /> <span><Breakable name={name} /></span>
        </Link>
      </td>
      {where && <td className={style.wide}><Link to="/experiments/$experimentId/artifacts" params={{ experimentId }}>{artifact.experimentName}</Link></td>}
      <td className={`${style.none} ${style.wide}`}>{artifact.type}</td>
      <td className={style.right}>{artifact.versionCount}</td>
      <td><AliasChips most={6} aliases={Object.entries(artifact.aliases).map(([alias, version]) => ({ alias, version }))} /></td>
      <td><TimeAgo at={artifact.updatedAt} /></td>
    </tr>
  );
}
