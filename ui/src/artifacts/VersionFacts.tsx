import { Link } from '@tanstack/react-router';
import { urls } from '../api/client';
import type { RunInfo, VersionDetail } from '../api/types';
import { Card, CopyButton, Person, ShortId } from '../design/kit';
import { StatusIcon } from '../design/Status';
import { TimeAgo } from '../design/Time';
import { count, formatBytes } from '../format/numbers';
import { ParamTree } from '../run/ParamTree';
import { RunLabel } from '../runs/RunLabel';
import { AliasChips } from './AliasChips';
import style from './artifacts.module.css';
import { flattenJson } from './flattenJson';
import { LoggedModelCard } from './LoggedModelCard';
import { RegistryFacts } from './RegistryFacts';

export function VersionFacts({ detail }: { detail: VersionDetail }) {
  const { version, loggedBy, usedBy } = detail;
  const reference = `${version.experimentName}/${version.name}:${version.version}`;
  const metadata = flattenJson(version.metadata ?? null);
  return (
    <div className={style.factCards}>
      <Card
        title={<>{version.name}:{version.version}&ensp;<AliasChips aliases={version.aliases.map((alias) => ({ alias }))} /></>}
        more={<CopyButton text={reference} what={`reference ${reference}`} />}
      >
        <dl className={style.facts}>
          <div><dt>Logged</dt><dd><TimeAgo at={version.createdAt} /> by <Person name={version.author ?? 'unknown'} /></dd></div>
          <div><dt>Made by</dt><dd>{loggedBy.length > 0 ? <Runs runs={loggedBy} /> : 'no run'}</dd></div>
          <div><dt>Used by</dt><dd>{usedBy.length > 0 ? <Runs runs={usedBy} /> : 'no run yet'}</dd></div>
          <div><dt>Content</dt><dd>{count(version.fileCount, 'file')}, {formatBytes(version.size)}</dd></div>
          <div><dt>Digest</dt><dd><ShortId id={version.digest} what="digest" length={16} copy /></dd></div>
          {version.description && <div><dt>About</dt><dd>{version.description}</dd></div>}
        </dl>
      </Card>
      {detail.model && <RegistryFacts model={detail.model} />}
      {detail.loggedModel && (
        <LoggedModelCard
          model={detail.loggedModel}
          exampleUrl={detail.loggedModel.inputExample ? urls.versionFile(version.experimentId, version.name, version.version, detail.loggedModel.inputExample) : undefined}
        />
      )}
      {Object.keys(metadata).length > 0 && <ParamTree title="Metadata" params={metadata} />}
    </div>
  );
}

const shownRuns = 6;

function Runs({ runs }: { runs: readonly RunInfo[] }) {
  return (
    <ul className={style.runs}>
      {runs.slice(0, shownRuns).map((run) => (
        <li key={run.id}>
          <Link to="/runs/$runId" params={{ runId: run.id }}><StatusIcon status={run.status} size={13} /> <RunLabel run={run} /></Link>
          <span className={style.when}><TimeAgo at={run.startedAt} /></span>
        </li>
      ))}
      {runs.length > shownRuns && <li className={style.none}>and {runs.length - shownRuns} more</li>}
    </ul>
  );
}

