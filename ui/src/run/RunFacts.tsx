import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunDetail } from '../api/types';
import { Card, Chip, CopyButton, Person } from '../design/kit';
import { StatusIcon } from '../design/Status';
import { Duration } from '../design/Time';
import { exactTime } from '../format/time';
import { RunLabel } from '../runs/RunLabel';
import style from './run.module.css';
import type { SourceFacts } from './tags';

export function RunFacts({ detail }: { detail: RunDetail }) {
  const { run, parent } = detail;
  return (
    <Card title="Run" icon="run">
      <dl className={style.facts}>
        <Fact name="Author"><Person name={run.author} /></Fact>
        <Fact name="Started">{exactTime(run.startedAt)}</Fact>
        <Fact name="Ended">{run.endedAt ? exactTime(run.endedAt) : 'not yet'}</Fact>
        <Fact name="Duration"><Duration from={run.startedAt} to={run.endedAt} /></Fact>
        {run.jobType && <Fact name="Job type">{run.jobType}</Fact>}
        {parent && (
          <Fact name="Launched by">
            <Link to="/runs/$runId" params={{ runId: parent.id }}><StatusIcon status={parent.status} size={13} /> <RunLabel run={parent} /></Link>
          </Fact>
        )}
        <Fact name="Id"><code className={style.id}>{run.id}</code><CopyButton text={run.id} what="run id" /></Fact>
      </dl>
    </Card>
  );
}

export function Source({ source }: { source: SourceFacts }) {
  const facts: [string, ReactNode][] = [];
  if (source.name) facts.push(['Project', <span key="n" title={source.name}>{source.name}</span>]);
  if (source.entryPoint) facts.push(['Entry point', source.entryPoint]);
  if (source.repository) facts.push(['Repository', source.repository]);
  if (source.branch) facts.push(['Branch', source.branch]);
  if (source.commit) facts.push(['Commit', <span key="c" title={source.commit}><code>{source.commit.slice(0, 10)}</code><CopyButton text={source.commit} what="commit" /></span>]);
  if (source.environment) facts.push(['Environment', source.environment]);
  if (source.backend) facts.push(['Backend', source.backend]);
  if (facts.length === 0) return null;
  return (
    <Card title="Source" icon="git">
      <dl className={style.facts}>{facts.map(([name, value]) => <Fact key={name} name={name}>{value}</Fact>)}</dl>
    </Card>
  );
}

export function TagList({ tags }: { tags: readonly (readonly [string, string])[] }) {
  if (tags.length === 0) return null;
  return (
    <Card title="Tags" icon="tag">
      <div className={style.tags}>{tags.map(([key, value]) => <Chip key={key} title={`${key}: ${value}`}>{key}: {value}</Chip>)}</div>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
