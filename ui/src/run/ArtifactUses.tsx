import { Link } from '@tanstack/react-router';
import type { LineageUse } from '../api/types';
import { AliasChips } from '../artifacts/AliasChips';
import { TypeIcon } from '../artifacts/TypeIcon';
import { Card } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { formatBytes } from '../format/numbers';
import style from './run.module.css';

/** What the run read and what it made. */
export function ArtifactUses({ inputs, outputs }: { inputs: readonly LineageUse[]; outputs: readonly LineageUse[] }) {
  if (inputs.length === 0 && outputs.length === 0) return null;
  return (
    <div className={style.uses}>
      <Card title="Inputs" icon="download" more={inputs.length} flush><UseList uses={inputs} nothing="This run used no artifacts." /></Card>
      <Card title="Outputs" icon="box" more={outputs.length} flush><UseList uses={outputs} nothing="This run logged no artifacts." /></Card>
    </div>
  );
}

function UseList({ uses, nothing }: { uses: readonly LineageUse[]; nothing: string }) {
  if (uses.length === 0) return <p className={style.nothing}>{nothing}</p>;
  return (
    <ul className={style.useList}>
      {uses.map(({ version, at, usedAs }) => (
        <li key={`${version.experimentId}/${version.name}:${version.version}:${usedAs ?? ''}`}>
          <TypeIcon type={version.type} />
          <Link
            to="/artifacts/$experimentId/$name" params={{ experimentId: version.experimentId, name: version.name }} search={{ v: version.version }}
            title={`${version.name}:${version.version}${usedAs ? `, asked for as ${usedAs}` : ''}`}
          >
            {version.name}<b>:{version.version}</b>
          </Link>
          <AliasChips aliases={version.aliases.map((alias) => ({ alias }))} />
          <span className={style.useFacts}>{formatBytes(version.size)} · <TimeAgo at={at} /></span>
        </li>
      ))}
    </ul>
  );
}
