import { useState } from 'react';
import { Icon } from '../design/Icon';
import { Popover } from '../design/Popover';
import { SearchBox } from '../design/SearchBox';
import { kit } from '../design/kit';
import { attributeColumns, type Column, type KeyKind, type Keys, parseColumn } from './columns';
import style from './runs.module.css';

const kinds: readonly (readonly [KeyKind, string])[] = [['metrics', 'Metrics'], ['params', 'Parameters'], ['tags', 'Tags']];
const attributes = ['jobType', 'author', 'started', 'duration'] as const;

/** Chooses the columns of the runs table from everything the runs have logged. */
export function ColumnPicker({ keys, columns, onChange, isDefault }: {
  keys: Keys; columns: readonly Column[]; onChange: (columns: Column[] | null) => void; isDefault: boolean;
}) {
  return (
    <Popover label="Columns" button={<><Icon name="columns" size={14} /> Columns</>}>
      {() => <Choices keys={keys} columns={columns} onChange={onChange} isDefault={isDefault} />}
    </Popover>
  );
}

function Choices({ keys, columns, onChange, isDefault }: {
  keys: Keys; columns: readonly Column[]; onChange: (columns: Column[] | null) => void; isDefault: boolean;
}) {
  const [q, setQ] = useState('');
  const chosen = new Set(columns.map(({ id }) => id));
  const toggle = (id: string) => {
    const column = parseColumn(id);
    if (!column) return;
    onChange(chosen.has(id) ? columns.filter((c) => c.id !== id) : [...columns, column]);
  };
  const wanted = q.toLowerCase();
  const groups = [
    { title: 'Run', options: attributes.map((id) => ({ id: id as string, label: attributeColumns[id].title as string })) },
    ...kinds.map(([kind, title]) => ({
      title, options: keys[kind].filter((key) => kind !== 'tags' || !key.startsWith('mlflow.')).map((key) => ({ id: `${kind}.${key}`, label: key })),
    })),
  ].map(({ title, options }) => ({ title, options: options.filter(({ label }) => label.toLowerCase().includes(wanted)) }))
    .filter(({ options }) => options.length > 0);
  return (
    <div className={style.picker}>
      <div className={style.pickerHead}>
        <SearchBox primary={false} value={q} onChange={setQ} placeholder="Find a column" label="Find a column" />
        <button type="button" className={kit.button} disabled={isDefault} onClick={() => onChange(null)}>Reset</button>
      </div>
      {groups.map(({ title, options }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {options.map(({ id, label }) => (
            <label key={id} title={label}>
              <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
      ))}
      {groups.length === 0 && <p className={style.none}>No column of that name.</p>}
    </div>
  );
}
