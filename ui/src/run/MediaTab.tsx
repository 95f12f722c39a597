import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { urls } from '../api/client';
import { queries } from '../api/queries';
import { Card, Empty } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { frameAt, mediaByKey, type MediaSeries } from './media';
import style from './run.module.css';

export const Route = createLazyRoute('/runs/$runId/media')({ component: MediaTab });

const page = getRouteApi('/runs/$runId/media');

function MediaTab() {
  const { runId } = page.useParams();
  const { step } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.run(runId));
  const series = useMemo(() => mediaByKey(data.media), [data.media]);
  if (series.length === 0) return <Empty icon="image" title="This run has logged no pictures" />;
  const onStep = (to: number | undefined) => void navigate({ search: { step: to }, replace: true });
  return <div className={style.mediaGrid}>{series.map((one) => <Pictures key={one.key} runId={runId} series={one} step={step} onStep={onStep} />)}</div>;
}

/** Pictures of one key; the slider walks through their steps, on all keys together. */
function Pictures({ runId, series, step, onStep }: {
  runId: string; series: MediaSeries; step: number | undefined; onStep: (step: number | undefined) => void;
}) {
  const { key, frames } = series;
  const at = frameAt(frames, step);
  const frame = frames[at]!;
  const url = urls.runFile(runId, frame.path);
  return (
    <Card title={<span title={key}>{key}</span>} icon="image" more={<>step {frame.step} · <TimeAgo at={frame.time} /></>}>
      <a href={url} target="_blank" rel="noreferrer" className={style.picture} title="Open the picture alone"><img src={url} alt={frame.caption ?? `${key} at step ${frame.step}`} /></a>
      {frame.caption && <p className={style.caption}>{frame.caption}</p>}
      {frames.length > 1 && (
        <input
          type="range" className={style.slider} min={0} max={frames.length - 1} value={at} aria-label={`Step of ${key}`} aria-valuetext={`step ${frame.step}`}
          onChange={(event) => {
            const to = Number(event.target.value);
            onStep(to === frames.length - 1 ? undefined : frames[to]!.step);
          }}
        />
      )}
    </Card>
  );
}
