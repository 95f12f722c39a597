import type { LoggedModelInfo, ModelFieldInfo } from '../api/types';
import { Card, Chip } from '../design/kit';
import { formatBytes } from '../format/numbers';
import style from './artifacts.module.css';

/** What the MLmodel file says: how the model can be loaded, what it takes and gives. */
export function LoggedModelCard({ model, title = 'Model', exampleUrl }: { model: LoggedModelInfo; title?: string; exampleUrl?: string | undefined }) {
  const { signature } = model;
  return (
    <Card title={title} icon="model" more={model.size ? formatBytes(model.size) : undefined}>
      <dl className={style.facts}>
        <div><dt>Flavours</dt><dd>{model.flavors.map((flavor) => <Chip key={flavor.name} title={factsOf(flavor.facts)}>{flavor.name}</Chip>)}</dd></div>
        <div><dt>Inputs</dt><dd><Fields fields={signature?.inputs} /></dd></div>
        <div><dt>Outputs</dt><dd><Fields fields={signature?.outputs} /></dd></div>
        {signature?.params && <div><dt>Params</dt><dd><Fields fields={signature.params} /></dd></div>}
        {model.inputExample && <div><dt>Example</dt><dd>{exampleUrl ? <a href={exampleUrl} download>{model.inputExample}</a> : <code>{model.inputExample}</code>}</dd></div>}
        {model.mlflowVersion && <div><dt>Written by</dt><dd>MLflow {model.mlflowVersion}</dd></div>}
        {Object.entries(model.metadata).map(([key, value]) => <div key={key}><dt title={key}>{key}</dt><dd>{value}</dd></div>)}
      </dl>
    </Card>
  );
}

const shownFields = 40;

function Fields({ fields }: { fields: readonly ModelFieldInfo[] | null | undefined }) {
  if (!fields) return <span className={style.none}>not said</span>;
  if (fields.length === 0) return <span className={style.none}>none</span>;
  return (
    <>
      {fields.slice(0, shownFields).map((field, i) => (
        <Chip key={field.name ?? i} title={`${field.name ?? 'unnamed'}: ${typeOf(field)}`}>{field.name ? <><b>{field.name}</b> {typeOf(field)}</> : typeOf(field)}</Chip>
      ))}
      {fields.length > shownFields && <span className={style.none}>and {fields.length - shownFields} more</span>}
    </>
  );
}

function typeOf(field: ModelFieldInfo): string {
  return [field.type, field.shape, field.required ? null : 'optional', field.default ? `= ${field.default}` : null].filter(Boolean).join(' ');
}

function factsOf(facts: Readonly<Record<string, string>>): string {
  return Object.entries(facts).map(([key, value]) => `${key}: ${value}`).join('\n');
}
