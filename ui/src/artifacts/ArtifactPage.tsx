import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { useLiveExperiment } from '../api/live';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { Chip, Empty } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { count } from '../format/numbers';
import { PageHead, Tabs } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { AliasDecisions } from './AliasDecisions';
import { Stage } from './RegistryFacts';
import { TypeIcon } from './TypeIcon';

export const Route = createLazyRoute('/artifacts/$experimentId/$name')({ component: ArtifactPage });

const page = getRouteApi('/artifacts/$experimentId/$name');

/** Events tell of what runs do; an alias that a person moves is found by asking now and then. */
const pace = 5_000;

/** Head of an artifact, who decided what its aliases point to, and the tabs. */
function ArtifactPage() {
  const { experimentId, name } = page.useParams();
  const { v } = page.useSearch();
  const { data } = useSuspenseQuery({ ...queries.artifact(experimentId, name), refetchInterval: pace });
  useLiveExperiment(experimentId);
  const { artifact } = data;
  useTitle(artifact.name, artifact.experimentName);
  const params = { experimentId, name };
  return (
    <>
      <PageHead
        crumbs={[
          <Link key="home" to="/">Experiments</Link>,
          <Link key="experiment" to="/experiments/$experimentId" params={{ experimentId }}>{artifact.experimentName}</Link>,
          <Link key="artifacts" to="/experiments/$experimentId/artifacts" params={{ experimentId }}>Artifacts</Link>,
        ]}
        title={<><TypeIcon type={artifact.type} size={20} /> {artifact.name}</>}
        badge={<Chip title="Type">{artifact.type}</Chip>}
        facts={
          <>
            <span>{count(artifact.versionCount, 'version')}{artifact.latestVersion ? `, latest ${artifact.latestVersion}` : ''}</span>
            <span>updated <TimeAgo at={artifact.updatedAt} /></span>
            {data.model && <span title="Name in the model registry">models:/{data.model.name}</span>}
            {Object.entries(data.model?.stages ?? {}).map(([stage, version]) => <span key={stage}><Stage stage={stage} /> {version}</span>)}
            {Object.entries(data.model?.tags ?? {}).map(([key, value]) => <Chip key={key} title={`${key}: ${value}`}>{value ? `${key}: ${value}` : key}</Chip>)}
            {artifact.description && <span title={artifact.description}>{artifact.description}</span>}
          </>
        }
      />
      <AliasDecisions detail={data} />
      <Tabs label="Parts of the artifact">
        <Link to="/artifacts/$experimentId/$name" params={params} search={{ v }} activeOptions={{ exact: true, includeSearch: false }}><Icon name="box" size={15} /> Versions <span>{data.versions.length}</span></Link>
        <Link to="/artifacts/$experimentId/$name/lineage" params={params} search={{ v }} activeOptions={{ includeSearch: false }}><Icon name="lineage" size={15} /> Lineage</Link>
        <Link to="/artifacts/$experimentId/$name/history" params={params} search={{ v }} activeOptions={{ includeSearch: false }}><Icon name="history" size={15} /> Alias history <span>{data.aliasHistory.length}</span></Link>
      </Tabs>
      {data.versions.length === 0 ? <Empty icon="box" title="All versions of this artifact were deleted" /> : <Outlet />}
    </>
  );
}
