import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { Empty } from '../design/kit';
import { LogView } from '../logs/LogView';
import { useLogStore } from './logStoreContext';

export const Route = createLazyRoute('/runs/$runId/logs')({ component: LogsTab });

const page = getRouteApi('/runs/$runId/logs');

function LogsTab() {
  const { runId } = page.useParams();
  const { q = '', line } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.run(runId));
  const store = useLogStore();
  const live = data.run.status === 'running';
  if (data.logLines === 0) {
    return (
      <Empty icon="terminal" title={live ? 'Nothing printed yet' : 'This run has no log'}>
        <p>What a run started by <code>cairn run</code> prints appears here line by line.</p>
      </Empty>
    );
  }
  return (
    <LogView
      store={store} live={live} query={q} line={line === undefined ? undefined : line - 1}
      onQuery={(text) => void navigate({ search: (s) => ({ ...s, q: text || undefined }), replace: true })}
      onLine={(index) => void navigate({ search: (s) => ({ ...s, line: index === undefined ? undefined : index + 1 }), replace: true, resetScroll: false })}
    />
  );
}
