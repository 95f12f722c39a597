import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { queries } from '../api/queries';
import { LineagePane } from '../lineage/LineagePane';
import type { LineageSearch } from '../lineage/lineageSearch';
import { chosenVersion } from './chosenVersion';

export const Route = createLazyRoute('/artifacts/$experimentId/$name/lineage')({ component: LineageTab });

const page = getRouteApi('/artifacts/$experimentId/$name/lineage');

/** Where a version came from and what came from it. */
function LineageTab() {
  const { experimentId, name } = page.useParams();
  const { v, ...search } = page.useSearch();
  const navigate = page.useNavigate();
  const { data: artifact } = useSuspenseQuery(queries.artifact(experimentId, name));
  const version = chosenVersion(artifact, v);
  const onSearch = useCallback((part: LineageSearch) => void navigate({ search: (s) => ({ ...s, ...part }), replace: true, resetScroll: false }), [navigate]);
  return (
    <LineagePane start={`version:${experimentId}/${name}:${version}`} search={search} onSearch={onSearch}>
      <label>
        Version
        <select value={version} onChange={(event) => void navigate({ search: (s) => ({ ...s, v: event.target.value, open: undefined }), replace: true })}>
          {artifact.versions.map((one) => <option key={one.version} value={one.version}>{[one.version, ...one.aliases].join(' · ')}</option>)}
        </select>
      </label>
    </LineagePane>
  );
}
