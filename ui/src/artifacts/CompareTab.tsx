import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { urls } from '../api/client';
import { queries } from '../api/queries';
import type { ArtifactDetail, ManifestEntry } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, Card, kit } from '../design/kit';
import { count, formatBytes } from '../format/numbers';
import style from './artifacts.module.css';
import { chosenVersion } from './chosenVersion';
import { FileDiff } from './FileDiff';
import { diffManifests, type FileChange } from './manifestDiff';
import { useVersionMetrics } from './useVersionMetrics';
import { VersionComparison } from './VersionComparison';

export const Route = createLazyRoute('/artifacts/$experimentId/$name/compare')({ component: CompareTab });

const page = getRouteApi('/artifacts/$experimentId/$name/compare');

/** Two versions of an artifact, and what changed between them. */
function CompareTab() {
  const { experimentId, name } = page.useParams();
  const { v, a, b, path } = page.useSearch();
  const navigate = page.useNavigate();
  const { data: artifact } = useSuspenseQuery(queries.artifact(experimentId, name));
  const [before, after] = chosenPair(artifact, a, b, v);
  const choose = (part: { a?: string; b?: string; path?: string }) => void navigate({ search: (s) => ({ ...s, a: before, b: after, ...part }), replace: true, resetScroll: false });
  const first = useVersionMetrics(experimentId, name, before, after);
  const second = useVersionMetrics(experimentId, name, after, before);
  const answers = [useQuery(queries.version(experimentId, name, before)), useQuery(queries.version(experimentId, name, after))];
  const error = answers.find((answer) => answer.error)?.error;
  const diff = useMemo(() => (first.detail && second.detail ? diffManifests(first.detail.manifest, second.detail.manifest) : null), [first.detail, second.detail]);
  const chosen = diff?.changes.find((change) => change.path === path) ?? diff?.changes.find(({ kind }) => kind === 'changed') ?? diff?.changes[0];
  const urlOf = (version: string, entry: ManifestEntry) => urls.versionFile(experimentId, name, version, entry.path);

  const versionSelect = (label: string, value: string, onChange: (version: string) => void) => (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {artifact.versions.map((one) => <option key={one.version} value={one.version}>{[one.version, ...one.aliases].join(' · ')}</option>)}
      </select>
    </label>
  );
  return (
    <>
      <div className={style.toolbar}>
        {versionSelect('From', before, (to) => choose({ a: to }))}
        {versionSelect('to', after, (to) => choose({ b: to }))}
        <button type="button" className={kit.button} onClick={() => choose({ a: after, b: before })} title="The other way round"><Icon name="reset" size={13} /> Swap</button>
        {diff && <span className={style.total}>{count(diff.changes.length, 'file')} changed, {diff.same} the same</span>}
      </div>
      {error ? <ErrorPanel error={error} /> : !diff || first.waiting || second.waiting ? <Bones lines={8} /> : (
        <div className={style.version}>
          <Card title={`${before} and ${after}`} icon="columns" flush>
            <div className={style.comparisonFrame} tabIndex={0} role="region" aria-label="Facts of both versions">
              <VersionComparison before={first} after={second} titles={[before, after]} />
            </div>
          </Card>
          <Card title="Files" icon="file" more={diff.changes.length === 0 ? 'all the same' : count(diff.changes.length, 'change')} flush>
            {diff.changes.length === 0 ? <p className={style.nothing}>Both versions hold the same files.</p> : (
              <div className={style.fileChanges}>
                <ul aria-label="Changed files">
                  {diff.changes.map((change) => (
                    <li key={change.path}>
                      <button type="button" aria-current={change === chosen ? 'true' : undefined} onClick={() => choose({ path: change.path })} title={titleOf(change)}>
                        <span className={`${style.changeKind} ${style[change.kind]}`}>{change.kind}</span>
                        <span className={style.changePath}>{change.path}</span>
                        <span className={style.none}>{sizeChange(change)}</span>
                      </button>
                    </li>
                  ))}
                </ul>
                {chosen && <FileDiff key={`${before} ${after} ${chosen.path}`} change={chosen} beforeUrl={chosen.before && urlOf(before, chosen.before)} afterUrl={chosen.after && urlOf(after, chosen.after)} />}
              </div>
            )}
          </Card>
        </div>
      )}
    </>
  );
}

/** The versions of the address; else the chosen one and the one before it. */
function chosenPair(artifact: ArtifactDetail, a: string | undefined, b: string | undefined, v: string | undefined): [string, string] {
  const { versions, artifact: { aliases } } = artifact;
  const resolve = (asked: string | undefined) => (asked === undefined ? undefined : aliases[asked] ?? asked);
  const after = resolve(b) ?? (v === undefined ? versions[0]?.version ?? 'v0' : chosenVersion(artifact, v));
  const at = versions.findIndex((one) => one.version === after);
  return [resolve(a) ?? versions[at + 1]?.version ?? versions[at - 1]?.version ?? after, after];
}

function titleOf({ kind, path, from }: FileChange): string {
  return kind === 'moved' ? `${from} became ${path}, with the same content` : `${path}: ${kind}`;
}

function sizeChange({ before, after }: FileChange): string {
  if (!before || !after) return formatBytes((before ?? after)!.size);
  const by = after.size - before.size;
  return by === 0 ? formatBytes(after.size) : `${by > 0 ? '+' : '−'}${formatBytes(Math.abs(by))}`;
}
