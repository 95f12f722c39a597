import { useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { arriving } from '../arriving';
import { queries } from '../api/queries';
import { Card } from '../design/kit';
import { ArtifactUses } from './ArtifactUses';
import { ChildRuns } from './ChildRuns';
import { Failure } from './Failure';
import { MediaStrip } from './MediaStrip';
import { MetricTable } from './MetricTable';
import { OtherRunSelect, ParamDiff } from './ParamDiff';
import { ParamTree } from './ParamTree';
import style from './run.module.css';
import { RunAlerts } from './RunAlerts';
import { isChain } from './chain';
import { RunModels } from './RunModels';
import { RunFacts, Source, TagList } from './RunFacts';
import { isSystemKey } from './systemSeries';
import { splitTags } from './tags';

export const Route = createLazyRoute('/runs/$runId/')({ component: OverviewTab });

const page = getRouteApi('/runs/$runId/');

const Markdown = lazy(arriving(() => import('../files/Markdown'), (m) => ({ default: m.Markdown })));
/** Notes stand beside no files. */
const nowhere = { path: '', urlOf: () => undefined };

function OverviewTab() {
  const { runId } = page.useParams();
  const { vs } = page.useSearch();
  const navigate = page.useNavigate();
  const compare = (other: string | undefined) => void navigate({ search: { vs: other || undefined }, replace: true });
  const { data } = useSuspenseQuery(queries.run(runId));
  const withoutLoad = useMemo(() => ({ ...data, metrics: data.metrics.filter(({ key }) => !isSystemKey(key)) }), [data]);
  const { note, source, tags } = splitTags(data.tags);
  return (
    <div className={style.overview}>
      <div className={style.main}>
        {(data.run.status === 'failed' || data.run.status === 'crashed') && <Failure detail={data} />}
        {data.alerts && <RunAlerts alerts={data.alerts} />}
        {vs && <ParamDiff detail={data} other={vs} onClose={() => compare(undefined)} />}
        {note && <Card title="Notes" icon="file"><Suspense fallback={<p className={style.note}>{note}</p>}><div className={style.notes}><Markdown text={note} place={nowhere} /></div></Suspense></Card>}
        {data.children.length > 0 && <ChildRuns runs={data.children} parent={data.run} isPipeline={isChain(data)} />}
        {(data.children.length === 0 || withoutLoad.metrics.length > 0) && <MetricTable detail={withoutLoad} />}
        {data.media.length > 0 && <MediaStrip runId={runId} media={data.media} />}
        <RunModels runId={runId} />
        <ArtifactUses inputs={data.inputs} outputs={data.outputs} />
      </div>
      <div className={style.aside}>
        <RunFacts detail={data} />
        <ParamTree params={data.params} more={<OtherRunSelect detail={data} onChoose={compare} />} />
        <Source source={source} />
        <TagList tags={tags} />
      </div>
    </div>
  );
}
