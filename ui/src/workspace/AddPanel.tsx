import { useState } from 'react';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { Menu } from '../design/Menu';
import { type Panel, panelFacts, type PanelKind, panelKinds } from './panels';
import { columnTitle } from './values';
import style from './workspace.module.css';

export interface Columns {
  params: readonly string[];
  metrics: readonly string[];
  others: readonly string[];
}

/** A new panel: its kind, then its columns, filled in with what most likely is meant. */
export function AddPanel({ columns, onAdd }: { columns: Columns; onAdd: (panel: Panel) => void }) {
  return (
    <Menu button={<><Icon name="plus" size={14} /> Add panel</>} label="Add panel: scatter, bars and more">
      {(close) => <Form columns={columns} onAdd={(panel) => { onAdd(panel); close(); }} />}
    </Menu>
  );
}

function Form({ columns, onAdd }: { columns: Columns; onAdd: (panel: Panel) => void }) {
  const [kind, setKind] = useState<PanelKind>('scatter');
  const [chosen, setChosen] = useState<readonly string[]>(() => likely('scatter', columns));
  const { hint, least, most } = panelFacts[kind];
  const names = kind === 'scatter' ? ['Horizontal', 'Vertical'] : kind === 'parallel' ? [] : ['Metric'];
  const onlyMetrics = kind === 'importance';
  return (
    <form
      className={style.form}
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ kind, columns: chosen });
      }}
    >
      <label>
        <span>Kind</span>
        <select
          value={kind} onChange={(event) => {
            const next = event.target.value as PanelKind;
            setKind(next);
            setChosen(likely(next, columns));
          }}
        >
          {panelKinds.map((one) => <option key={one} value={one}>{panelFacts[one].title}</option>)}
        </select>
      </label>
      <p>{hint}.</p>
      {names.map((name, i) => (
        <label key={name}>
          <span>{name}</span>
          <select value={chosen[i] ?? ''} onChange={(event) => setChosen(chosen.map((one, at) => (at === i ? event.target.value : one)))}>
            <Options columns={columns} onlyMetrics={onlyMetrics} />
          </select>
        </label>
      ))}
      {kind === 'parallel' && (
        <fieldset>
          <legend>Axes, in this order</legend>
          {[...columns.params, ...columns.metrics, ...columns.others].map((column) => (
            <label key={column}>
              <input
                type="checkbox" checked={chosen.includes(column)} disabled={!chosen.includes(column) && chosen.length >= most}
                onChange={(event) => setChosen(event.target.checked ? [...chosen, column] : chosen.filter((one) => one !== column))}
              /> {columnTitle(column)}
            </label>
          ))}
        </fieldset>
      )}
      <button type="submit" className={kit.button} disabled={chosen.filter((one) => one !== '').length < least}>Add</button>
    </form>
  );
}

function Options({ columns, onlyMetrics }: { columns: Columns; onlyMetrics: boolean }) {
  const group = (label: string, inside: readonly string[]) => inside.length > 0 && (
    <optgroup label={label}>{inside.map((column) => <option key={column} value={column}>{columnTitle(column)}</option>)}</optgroup>
  );
  return (
    <>
      {group('Metrics', columns.metrics)}
      {!onlyMetrics && group('Parameters', columns.params)}
      {!onlyMetrics && group('Facts', columns.others)}
    </>
  );
}

function likely(kind: PanelKind, { params, metrics, others }: Columns): string[] {
  const metric = metrics.find((column) => /(^|[./_])(val|test|eval)/.test(column)) ?? metrics[0] ?? others[0] ?? '';
  if (kind === 'scatter') return [params[0] ?? metrics[0] ?? '', metric];
  if (kind === 'parallel') return [...params.slice(0, 5), ...(metric ? [metric] : [])];
  return [metric];
}
