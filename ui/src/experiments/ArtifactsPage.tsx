import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { ArtifactTable } from '../artifacts/ArtifactTable';
import { Empty } from '../design/kit';
import { shellWord } from './newcomer';

export const Route = createLazyRoute('/experiments/$experimentId/artifacts')({ component: ArtifactsPage });

const page = getRouteApi('/experiments/$experimentId/artifacts');

/** The artifacts of one experiment. */
function ArtifactsPage() {
  const { experimentId } = page.useParams();
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.artifacts(experimentId));
  const { data: experiment } = useSuspenseQuery(queries.experiment(experimentId));
  if (data.artifacts.length === 0) {
    return (
      <Empty icon="box" title="No artifacts yet" commands={[`cairn artifact put my_data path/to/file.csv --type dataset --experiment ${shellWord(experiment.name)}`]}>
        <p>Data sets and models that runs of this experiment log appear here, with every version and who uses it.</p>
      </Empty>
    );
  }
  return (
    <ArtifactTable
      artifacts={data.artifacts} search={search} onSearch={(part) => void navigate({ search: (s) => ({ ...s, ...part }), replace: true })}
      onOpen={({ name }) => void navigate({ to: '/artifacts/$experimentId/$name', params: { experimentId, name } })}
    />
  );
}
