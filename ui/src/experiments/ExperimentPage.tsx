import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { AccessButton } from '../access/AccessButton';
import { useLiveExperiment } from '../api/live';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { groupThousands } from '../format/numbers';
import { Chip } from '../design/kit';
import { keepView, type RunViewSearch } from '../runs/runsQuery';
import { PageHead, Tabs } from '../shell/PageHead';
import { useTitle } from '../shell/title';

export const Route = createLazyRoute('/experiments/$experimentId')({ component: ExperimentPage });

const page = getRouteApi('/experiments/$experimentId');

/** Head and tabs of an experiment; the tabs are pages of their own below it. */
function ExperimentPage() {
  const { experimentId } = page.useParams();
  const { data: experiment } = useSuspenseQuery(queries.experiment(experimentId));
  const artifacts = useQuery(queries.artifacts(experimentId)).data?.artifacts.length;
  useLiveExperiment(experimentId);
  useTitle(experiment.name);
  const from = useTabs();
  return (
    <>
      <PageHead
        crumbs={[<Link key="home" to="/">Experiments</Link>]}
        title={experiment.name}
        badge={experiment.state === 'deleted' ? <Chip>deleted</Chip> : undefined}
        actions={<AccessButton place={{ experiment: experimentId }} />}
      />
      <Tabs label="Parts of the experiment">
        <Link to="/experiments/$experimentId" params={{ experimentId }} search={from(`/experiments/${experimentId}`)} activeOptions={{ exact: true, includeSearch: false }}>
          <Icon name="run" size={15} /> Runs <span>{groupThousands(String(experiment.runCount))}</span>
        </Link>
        <Link to="/experiments/$experimentId/charts" params={{ experimentId }} search={from(`/experiments/${experimentId}/charts`)} activeOptions={{ includeSearch: false }}>
          <Icon name="chart" size={15} /> Charts
        </Link>
        <Link to="/experiments/$experimentId/artifacts" params={{ experimentId }} search={from(`/experiments/${experimentId}/artifacts`)} activeOptions={{ includeSearch: false }}>
          <Icon name="box" size={15} /> Artifacts {artifacts !== undefined && <span>{artifacts}</span>}
        </Link>
      </Tabs>
      <Outlet />
    </>
  );
}

/** A tab is come back to as it was left; which runs are looked at goes along from tab to tab. */
function useTabs(): (path: string) => (now: RunViewSearch) => RunViewSearch {
  const left = useRef(new Map<string, RunViewSearch>());
  const { pathname, search } = useLocation();
  useEffect(() => void left.current.set(pathname, search as RunViewSearch), [pathname, search]);
  return (path) => (now) => ({ ...left.current.get(path), ...keepView(now) });
}
