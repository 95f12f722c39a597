import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { ArtifactInfo } from '../api/types';
import { AliasChips } from '../artifacts/AliasChips';
import { TypeIcon } from '../artifacts/TypeIcon';
import { SearchBox } from '../design/SearchBox';
import { Empty, Segments } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { useRowCursor } from '../shell/useRowCursor';
import style from './experiments.module.css';
import { shellWord } from './newcomer';

export const Route = createLazyRoute('/experiments/$experimentId/artifacts')({ component: ArtifactsPage });

const page = getRouteApi('/experiments/$experimentId/artifacts');

function ArtifactsPage() {
  const { experimentId } = page.useParams();
  const { q = '', type } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.artifacts(experimentId));
  const { data: experiment } = useSuspenseQuery(queries.experiment(experimentId));
  const types = useMemo(() => [...new Set(data.artifacts.map((a) => a.type))].sort(), [data]);
  const shown = useMemo(() => {
    const wanted = q.toLowerCase();
    return data.artifacts.filter((a) => (type === undefined || a.type === type) && a.name.toLowerCase().includes(wanted));
  }, [data, q, type]);
  const cursor = useRowCursor(shown.length, (row) => void navigate({
    to: '/artifacts/$experimentId/$name', params: { experimentId, name: shown[row]!.name },
  }));

  if (data.artifacts.length === 0) {
    return (
      <Empty icon="box" title="No artifacts yet" commands={[`cairn artifact put my_data path/to/file.csv --type dataset --experiment ${shellWord(experiment.name)}`]}>
        <p>Data sets and models that runs of this experiment log appear here, with every version and who uses it.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className={style.toolbar}>
        <SearchBox
          value={q} placeholder="Search artifacts" label="Search artifacts by name"
          onChange={(text) => void navigate({ search: (s) => ({ ...s, q: text || undefined }), replace: true })}
        />
        {types.length > 1 && (
          <Segments
            label="Type" value={type ?? ''} options={[['', 'all'], ...types.map((t) => [t, t] as const)]}
            onChange={(t) => void navigate({ search: (s) => ({ ...s, type: t || undefined }), replace: true })}
          />
        )}
      </div>
      {shown.length === 0 ? <Empty icon="search" title="No artifact matches" /> : (
        <table className={`${style.table} ${style.artifacts}`}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" className={style.wide}>Type</th>
              <th scope="col" className={style.right}>Versions</th>
              <th scope="col">Aliases</th>
              <th scope="col">Updated</th>
            </tr>
          </thead>
          <tbody>{shown.map((artifact, i) => <Row key={artifact.name} artifact={artifact} current={i === cursor} />)}</tbody>
        </table>
      )}
    </>
  );
}

function Row({ artifact, current }: { artifact: ArtifactInfo; current: boolean }) {
  const { experimentId, name } = artifact;
  return (
    <tr className={current ? style.current : undefined} aria-current={current || undefined}>
      <td>
        <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} className={`${style.name} ${style.named}`}>
          <TypeIcon type={artifact.type} /> <span>{name}</span>
        </Link>
      </td>
      <td className={`${style.none} ${style.wide}`}>{artifact.type}</td>
      <td className={style.right}>{artifact.versionCount}</td>
      <td><AliasChips aliases={Object.entries(artifact.aliases).map(([alias, version]) => ({ alias, version }))} /></td>
      <td><TimeAgo at={artifact.updatedAt} /></td>
    </tr>
  );
}
