import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { queries } from '../api/queries';
import { Card } from '../design/kit';
import { ArtifactUses } from './ArtifactUses';
import { ChildRuns } from './ChildRuns';
import { MediaStrip } from './MediaStrip';
import { MetricTable } from './MetricTable';
import { ParamTree } from './ParamTree';
import style from './run.module.css';
import { RunAlerts } from './RunAlerts';
import { RunModels } from './RunModels';
import { RunFacts, Source, TagList } from './RunFacts';
import { splitTags } from './tags';

export const Route = createLazyRoute('/runs/$runId/')({ component: OverviewTab });

const page = getRouteApi('/runs/$runId/');

function OverviewTab() {
  const { runId } = page.useParams();
  const { data } = useSuspenseQuery(queries.run(runId));
  const { note, source, tags } = splitTags(data.tags);
  return (
    <div className={style.overview}>
      <div className={style.main}>
        {note && <Card title="Notes" icon="file"><p className={style.note}>{note}</p></Card>}
        {data.alerts && <RunAlerts alerts={data.alerts} />}
        {data.children.length > 0 && <ChildRuns runs={data.children} parent={data.run} />}
        {(data.children.length === 0 || data.metrics.length > 0) && <MetricTable detail={data} />}
        {data.media.length > 0 && <MediaStrip runId={runId} media={data.media} />}
        <RunModels runId={runId} />
        <ArtifactUses inputs={data.inputs} outputs={data.outputs} />
      </div>
      <div className={style.aside}>
        <RunFacts detail={data} />
        <ParamTree params={data.params} />
        <Source source={source} />
        <TagList tags={tags} />
      </div>
    </div>
  );
}
