import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { arriving } from '../arriving';
import { AccessButton } from '../access/AccessButton';
import { useLiveExperiment } from '../api/live';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { Chip, Empty, kit } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { count } from '../format/numbers';
import { PageHead, Tabs } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { useKeys } from '../shell/keys';
import { AliasDecisions } from './AliasDecisions';
import style from './artifacts.module.css';
import { chosenVersion } from './chosenVersion';
import { Stage } from './RegistryFacts';
import { TypeIcon } from './TypeIcon';
import { WaitingPromotions } from './WaitingPromotions';

export const Route = createLazyRoute('/artifacts/$experimentId/$name')({ component: ArtifactPage });

const page = getRouteApi('/artifacts/$experimentId/$name');

// The dialog and what it compares come when somebody decides.
const PromoteDialog = lazy(arriving(() => import('./PromoteDialog'), (m) => ({ default: m.PromoteDialog })));

/** Events tell of what runs do; an alias that a person moves is found by asking now and then. */
const pace = 5_000;

/** Head of an artifact, who decided what its aliases point to, and the tabs. */
function ArtifactPage() {
  const { experimentId, name } = page.useParams();
  const { v, move, to } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery({ ...queries.artifact(experimentId, name), refetchInterval: pace });
  useLiveExperiment(experimentId);
  const { artifact } = data;
  useTitle(artifact.name, artifact.experimentName);
  const params = { experimentId, name };
  const decide = (next: { move?: string | undefined; to?: string | undefined }, replace: boolean) =>
    void navigate({ to: '.', search: (s) => ({ ...s, move: next.move, to: next.to }), replace, resetScroll: false });
  const chosen = chosenVersion(data, v);
  const propose = () => {
    if (data.versions.length > 0) decide({ move: 'prod', to: v === undefined ? artifact.latestVersion ?? chosen : chosen }, false);
  };
  useKeys({ p: propose });
  return (
    <>
      <PageHead
        crumbs={[
          <Link key="home" to="/artifacts">Artifacts</Link>,
          <Link key="experiment" to="/experiments/$experimentId/artifacts" params={{ experimentId }}>{artifact.experimentName}</Link>,
        ]}
        title={<><TypeIcon type={artifact.type} size={20} /> {artifact.name}</>}
        badge={<Chip title="Type">{artifact.type}</Chip>}
        actions={
          <>
            {data.versions.length > 0 && <button type="button" className={kit.button} onClick={propose} title="Decide what an alias points to (p)"><Icon name="tag" size={14} /> Move an alias</button>}
            {data.model && <AccessButton place={{ model: data.model.name }} />}
          </>
        }
        facts={
          <>
            <span>{count(artifact.versionCount, 'version')}{artifact.latestVersion ? `, latest ${artifact.latestVersion}` : ''}</span>
            <span>updated <TimeAgo at={artifact.updatedAt} /></span>
            {data.model && <span title="Name in the model registry">models:/{data.model.name}</span>}
            {Object.entries(data.model?.stages ?? {}).map(([stage, version]) => <span key={stage}><Stage stage={stage} /> {version}</span>)}
            {Object.entries(data.model?.tags ?? {}).map(([key, value]) => <Chip key={key} title={`${key}: ${value}`}>{value ? `${key}: ${value}` : key}</Chip>)}
            {artifact.description && <span title={artifact.description} className={style.description}>{artifact.description}</span>}
          </>
        }
      />
      <WaitingPromotions detail={data} />
      <AliasDecisions detail={data} onRollBack={(alias, back) => decide({ move: alias, to: back }, false)} />
      <Tabs label="Parts of the artifact">
        <Link to="/artifacts/$experimentId/$name" params={params} search={{ v }} activeOptions={{ exact: true, includeSearch: false }}><Icon name="box" size={15} /> Versions <span>{data.versions.length}</span></Link>
        <Link to="/artifacts/$experimentId/$name/lineage" params={params} search={{ v }} activeOptions={{ includeSearch: false }}><Icon name="lineage" size={15} /> Lineage</Link>
        {data.versions.length > 1 && <Link to="/artifacts/$experimentId/$name/compare" params={params} search={{ v }} activeOptions={{ includeSearch: false }}><Icon name="columns" size={15} /> Compare</Link>}
        <Link to="/artifacts/$experimentId/$name/gates" params={params} search={{ v }} activeOptions={{ includeSearch: false }}><Icon name="gate" size={15} /> Gates</Link>
        <Link to="/artifacts/$experimentId/$name/history" params={params} search={{ v }} activeOptions={{ includeSearch: false }}><Icon name="history" size={15} /> Alias history <span>{data.aliasHistory.length}</span></Link>
      </Tabs>
      {data.versions.length === 0 ? <Empty icon="box" title="All versions of this artifact were deleted" /> : <Outlet />}
      {move !== undefined && data.versions.length > 0 && (
        <Suspense>
          <PromoteDialog
            detail={data} move={{ alias: move, to: data.versions.some((one) => one.version === to) ? to! : chosen }}
            onChange={(next) => decide({ move: next.alias, to: next.to }, true)} onClose={() => decide({}, true)}
          />
        </Suspense>
      )}
    </>
  );
}
