import type { ModelVersionInfo } from '../api/types';
import { Card, Chip, CopyButton } from '../design/kit';
import { TimeAgo } from '../design/Time';
import style from './artifacts.module.css';

/** What the model registry says of a version: its name there, its stage, where it came from, its tags. */
export function RegistryFacts({ model }: { model: ModelVersionInfo }) {
  const uri = `models:/${model.name}/${model.number}`;
  const tags = Object.entries(model.tags);
  return (
    <Card title="Model registry" icon="model" more={<CopyButton text={uri} what={`model URI ${uri}`} />}>
      <dl className={style.facts}>
        <div><dt>Model</dt><dd><code>{uri}</code></dd></div>
        {model.stage !== 'None' && <div><dt>Stage</dt><dd><Stage stage={model.stage} /> since <TimeAgo at={model.updatedAt} /></dd></div>}
        {model.source && <div><dt>Source</dt><dd><code>{model.source}</code></dd></div>}
        {model.runLink && <div><dt>Run link</dt><dd>{model.runLink}</dd></div>}
        {tags.length > 0 && <div><dt>Tags</dt><dd>{tags.map(([key, value]) => <Chip key={key} title={`${key}: ${value}`}>{value ? `${key}: ${value}` : key}</Chip>)}</dd></div>}
      </dl>
    </Card>
  );
}

export function Stage({ stage }: { stage: string }) {
  return <Chip tone={stage === 'Production' ? 'accent' : stage === 'Staging' ? 'soft' : 'plain'} title="Stage">{stage}</Chip>;
}
