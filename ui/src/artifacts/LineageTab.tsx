import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones } from '../design/kit';
import { count } from '../format/numbers';
import { LineageView } from '../lineage/LineageView';
import style from './artifacts.module.css';
import { chosenVersion } from './chosenVersion';

export const Route = createLazyRoute('/artifacts/$experimentId/$name/lineage')({ component: LineageTab });

const page = getRouteApi('/artifacts/$experimentId/$name/lineage');
const depths = [1, 2, 4, 10, 30];

/** Where a version came from and what came from it. */
function LineageTab() {
  const { experimentId, name } = page.useParams();
  const { v, depth = 10 } = page.useSearch();
  const navigate = page.useNavigate();
  const { data: artifact } = useSuspenseQuery(queries.artifact(experimentId, name));
  const version = chosenVersion(artifact, v);
  const { data: graph, error, refetch } = useQuery(queries.lineage(experimentId, name, version, depth));
  return (
    <>
      <div className={style.toolbar}>
        <label>
          Version
          <select value={version} onChange={(event) => void navigate({ search: (s) => ({ ...s, v: event.target.value }), replace: true })}>
            {artifact.versions.map((one) => <option key={one.version} value={one.version}>{[one.version, ...one.aliases].join(' · ')}</option>)}
          </select>
        </label>
        <label>
          Steps around it
          <select value={depth} onChange={(event) => void navigate({ search: (s) => ({ ...s, depth: Number(event.target.value) }), replace: true })}>
            {[...new Set([...depths, depth])].sort((a, b) => a - b).map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        </label>
        {graph && (
          <span className={style.total}>
            {count(graph.nodes.filter((n) => n.version).length, 'version')}, {count(graph.nodes.filter((n) => n.run).length, 'run')}
          </span>
        )}
      </div>
      {error ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : !graph ? <Bones lines={8} /> : (
        <LineageView graph={graph} focus={`version:${experimentId}/${name}:${version}`} />
      )}
    </>
  );
}
