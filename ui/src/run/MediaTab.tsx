import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import { Empty } from '../design/kit';
import { MediaBoard } from '../media/MediaBoard';

export const Route = createLazyRoute('/runs/$runId/media')({ component: MediaTab });

const mediaCommands = ["mlflow.log_image(image, key='examples', step=step)\nmlflow.log_table(frame, 'predictions.json')", "wandb.log({'examples': wandb.Image(array), 'weights': wandb.Histogram(values)})"];

const page = getRouteApi('/runs/$runId/media');

function MediaTab() {
  const { runId } = page.useParams();
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.run(runId));
  const runs = useMemo(() => [{ id: runId, label: data.run.name, color: 'var(--chart-1)', tags: data.tags }], [runId, data.run.name, data.tags]);
  const scope = useMemo(() => ['run', runId, 'series'], [runId]);
  return (
    <MediaBoard
      scope={scope} runs={runs} search={search} onChange={(part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })}
      nothing={<Empty icon="image" title="This run has logged nothing to look at" commands={mediaCommands}><p>Pictures, tables and histograms that it logs appear here, step by step.</p></Empty>}
    />
  );
}
