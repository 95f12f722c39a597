import { useState } from 'react';
import type { RunKeys } from '../api/types';
import { Icon } from '../design/Icon';
import { Menu } from '../design/Menu';
import { SearchBox } from '../design/SearchBox';
import { kit } from '../design/kit';
import { attributeColumns, type Column, type KeyKind, type Keys, moveColumn, optional, parseColumn, pinColumn } from './columns';
import { columnTitle } from './RunCell';
import style from './runs.module.css';

const kinds: readonly (readonly [KeyKind, string])[] = [['metrics', 'Metrics'], ['params', 'Parameters'], ['tags', 'Tags']];
const mostOfAKind = 100;

export interface ColumnSection {
  title: string;
  options: { id: string; label: string }[];
  /** How many more fit than are listed. */
  more: number;
}

/** What can be a column and fits the search, by kind. */
export function columnOptions(keys: Keys, q: string): ColumnSection[] {
  const wanted = q.toLowerCase();
  return [
    { title: 'Run', options: optional.map((id) => ({ id: id as string, label: attributeColumns[id].title as string })) },
    ...kinds.map(([kind, title]) => ({
      title, options: keys[kind].filter((key) => kind !== 'tags' || wanted !== '' || !/^(mlflow|cairn)\./.test(key)).map((key) => ({ id: `${kind}.${key}`, label: key })),
    })),
  ].map(({ title, options }) => {
    const fit = options.filter(({ label }) => label.toLowerCase().includes(wanted));
    return { title, options: fit.slice(0, mostOfAKind), more: Math.max(0, fit.length - mostOfAKind) };
  }).filter(({ options }) => options.length > 0);
}

interface PickerProps {
  keys: Keys;
  counts: RunKeys | undefined;
  columns: readonly Column[];
  pinned: number;
  onChange: (columns: readonly Column[] | null, pinned?: number) => void;
  isDefault: boolean;
  onOpen: () => void;
}

/** Chooses the columns of the runs table from everything the runs have logged, and their order. */
export function ColumnPicker(props: PickerProps) {
  return (
    <Menu label="Columns" align="right" button={<><Icon name="columns" size={14} /> Columns</>}>
      {() => <Choices {...props} />}
    </Menu>
  );
}

function Choices({ keys, counts, columns, pinned, onChange, isDefault, onOpen }: PickerProps) {
  const [q, setQ] = useState('');
  const chosen = new Set(columns.map(({ id }) => id));
  const toggle = (id: string) => {
    const at = columns.findIndex((column) => column.id === id);
    if (at >= 0) onChange(columns.filter((column) => column.id !== id), at <= pinned ? pinned - 1 : pinned);
    else onChange([...columns, parseColumn(id)!], pinned);
  };
  const runs = (id: string) => {
    const column = parseColumn(id)!;
    return column.kind === 'attribute' ? undefined : counts?.[column.kind].find(({ key }) => key === column.key)?.runs;
  };
  const sections = columnOptions(keys, q);
  return (
    <div className={style.picker} onFocus={onOpen}>
      <div className={style.pickerHead}>
        <SearchBox primary={false} value={q} onChange={setQ} placeholder="Find a column" label="Find a column" />
        <button type="button" className={kit.button} disabled={isDefault} onClick={() => onChange(null)}>Reset</button>
      </div>
      {q === '' && columns.length > 1 && (
        <fieldset className={style.order}>
          <legend>Shown, in this order</legend>
          {columns.slice(1).map((column, i) => (
            <div key={column.id} title={column.id}>
              <button
                type="button" className={kit.bare} aria-pressed={i < pinned} title={i < pinned ? 'Unpin' : 'Pin beside the name'}
                onClick={() => {
                  const next = pinColumn(columns, column.id, pinned);
                  onChange(next.columns, next.pinned);
                }}
              >
                <Icon name="star" size={12} label={`Pin ${columnTitle(column)}`} />
              </button>
              <span>{columnTitle(column)}</span>
              <button type="button" className={kit.bare} disabled={i === 0 || i === pinned} onClick={() => onChange(moveColumn(columns, column.id, i, pinned), pinned)}><Icon name="up" size={12} label={`Move ${columnTitle(column)} up`} /></button>
              <button type="button" className={kit.bare} disabled={i === columns.length - 2 || i === pinned - 1} onClick={() => onChange(moveColumn(columns, column.id, i + 2, pinned), pinned)}><Icon name="down" size={12} label={`Move ${columnTitle(column)} down`} /></button>
              <button type="button" className={kit.bare} onClick={() => toggle(column.id)}><Icon name="cross" size={12} label={`Hide ${columnTitle(column)}`} /></button>
            </div>
          ))}
        </fieldset>
      )}
      {sections.map(({ title, options, more }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {options.map(({ id, label }) => (
            <label key={id} title={label}>
              <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
              <span>{label}</span>
              {runs(id) !== undefined && <small title={`in ${runs(id)} runs`}>{runs(id)}</small>}
            </label>
          ))}
          {more > 0 && <p>and {more} more: type to find them</p>}
        </fieldset>
      ))}
      {sections.length === 0 && <p className={style.noneFound}>No column of that name.</p>}
    </div>
  );
}
