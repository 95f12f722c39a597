import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { LineagePane } from '../lineage/LineagePane';
import type { LineageSearch } from '../lineage/lineageSearch';

export const Route = createLazyRoute('/runs/$runId/lineage')({ component: LineageTab });

const page = getRouteApi('/runs/$runId/lineage');

/** What the run was made from and what came of it. */
function LineageTab() {
  const { runId } = page.useParams();
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const onSearch = useCallback((part: LineageSearch) => void navigate({ search: (s) => ({ ...s, ...part }), replace: true, resetScroll: false }), [navigate]);
  return <LineagePane start={`run:${runId}`} search={search} onSearch={onSearch} />;
}
