import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { urls } from '../api/client';
import { queries } from '../api/queries';
import { Empty } from '../design/kit';
import { FileBrowser } from '../files/FileBrowser';

export const Route = createLazyRoute('/runs/$runId/files')({ component: FilesTab });

const page = getRouteApi('/runs/$runId/files');

function FilesTab() {
  const { runId } = page.useParams();
  const { path, as } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.files(runId));
  if (data.files.length === 0) {
    return (
      <Empty icon="file" title="This run has no files">
        <p>Files that the run logs, such as plots, reports and configuration, appear here.</p>
      </Empty>
    );
  }
  return (
    <FileBrowser
      files={data.files} chosen={path} urlOf={(file) => urls.runFile(runId, file)}
      onChoose={(file) => void navigate({ search: { path: file }, replace: true, resetScroll: false })}
      source={as === 'text'} onSource={(source) => void navigate({ search: (s) => ({ ...s, as: source ? 'text' as const : undefined }), replace: true, resetScroll: false })}
    />
  );
}
