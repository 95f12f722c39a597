import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { Empty } from '../design/kit';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { ArtifactTable } from './ArtifactTable';

export const Route = createLazyRoute('/artifacts')({ component: ArtifactsPage });

const page = getRouteApi('/artifacts');

/** All artifacts of the server. */
function ArtifactsPage() {
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.allArtifacts());
  useTitle('Artifacts');
  return (
    <>
      <PageHead title="Artifacts" />
      {data.artifacts.length === 0 ? (
        <Empty icon="box" title="No artifacts yet" commands={['cairn artifact put my_data path/to/file.csv --type dataset']}>
          <p>Data sets and models that runs log appear here, with every version and who uses it.</p>
        </Empty>
      ) : (
        <ArtifactTable
          artifacts={data.artifacts} search={search} where
          onSearch={(part) => void navigate({ search: (s) => ({ ...s, ...part }), replace: true })}
          onOpen={({ experimentId, name }) => void navigate({ to: '/artifacts/$experimentId/$name', params: { experimentId, name } })}
        />
      )}
    </>
  );
}
