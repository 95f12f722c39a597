import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import { Empty } from '../design/kit';
import { MediaBoard } from '../media/MediaBoard';

export const Route = createLazyRoute('/runs/$runId/media')({ component: MediaTab });

const page = getRouteApi('/runs/$runId/media');

function MediaTab() {
  const { runId } = page.useParams();
  const { step } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.run(runId));
  const runs = useMemo(() => [{ id: runId, label: data.run.name, color: 'var(--chart-1)', tags: data.tags }], [runId, data.run.name, data.tags]);
  const scope = useMemo(() => ['run', runId, 'series'], [runId]);
  return (
    <MediaBoard
      scope={scope} runs={runs} step={step} onStep={(to) => void navigate({ search: { step: to }, replace: true, resetScroll: false })}
      nothing={<Empty icon="image" title="This run has logged nothing to look at" />}
    />
  );
}
