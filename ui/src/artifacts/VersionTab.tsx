import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { urls } from '../api/client';
import { queries } from '../api/queries';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones } from '../design/kit';
import { FileBrowser } from '../files/FileBrowser';
import style from './artifacts.module.css';
import { chosenVersion } from './chosenVersion';
import { References } from './References';
import { VersionFacts } from './VersionFacts';
import { VersionList } from './VersionList';

export const Route = createLazyRoute('/artifacts/$experimentId/$name/')({ component: VersionTab });

const page = getRouteApi('/artifacts/$experimentId/$name/');

/** The versions on the left; the chosen one with its facts and files on the right. */
function VersionTab() {
  const { experimentId, name } = page.useParams();
  const { v, path, as } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.artifact(experimentId, name));
  const version = chosenVersion(data, v);
  const choose = (to: string) => void navigate({ search: { v: to, path, as }, replace: true, resetScroll: false });
  return (
    <div className={style.versions}>
      <VersionList versions={data.versions} chosen={version} onChoose={choose} />
      <Version
        key={version} experimentId={experimentId} name={name} version={version} path={path} source={as === 'text'}
        onSource={(source) => void navigate({ search: (s) => ({ ...s, as: source ? 'text' as const : undefined }), replace: true, resetScroll: false })}
        onPath={(to) => void navigate({ search: (s) => ({ ...s, path: to, as: undefined }), replace: true, resetScroll: false })}
      />
    </div>
  );
}

function Version({ experimentId, name, version, path, onPath, source, onSource }: {
  experimentId: string; name: string; version: string; path: string | undefined; onPath: (path: string) => void;
  source: boolean; onSource: (source: boolean) => void;
}) {
  const { data, error, refetch } = useQuery(queries.version(experimentId, name, version));
  // A file that this version lacks is no reason to show none.
  const chosen = useMemo(() => (data?.manifest.some((entry) => entry.path === path) ? path : undefined), [data, path]);
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (!data || data.version.version !== version) return <Bones lines={8} />;
  return (
    <div className={style.version}>
      <VersionFacts detail={data} />
      {data.references && <References references={data.references} />}
      <FileBrowser files={data.manifest} chosen={chosen} onChoose={onPath} urlOf={(file) => urls.versionFile(experimentId, name, version, file)} source={source} onSource={onSource} />
    </div>
  );
}
