import { useState } from 'react';
import { Icon } from '../design/Icon';
import { Menu } from '../design/Menu';
import { SearchBox } from '../design/SearchBox';
import { kit } from '../design/kit';
import { type Column, isGroupable, type Keys, parseColumn } from './columns';
import { columnOptions } from './ColumnPicker';
import { columnTitle } from './RunCell';
import style from './runs.module.css';

/** Chooses what runs are grouped by: one field within the other. */
export function GroupPicker({ keys, by, onChange, onOpen }: { keys: Keys; by: readonly Column[]; onChange: (by: readonly Column[]) => void; onOpen: () => void }) {
  return (
    <Menu
      label={by.length === 0 ? 'Group' : `By ${by.map(columnTitle).join(', ')}: change the groups`} className={`${kit.button} ${by.length > 0 ? style.active : ''}`}
      button={<><Icon name="folder" size={14} /> {by.length === 0 ? 'Group' : `By ${by.map(columnTitle).join(', ')}`}</>}
    >
      {() => <Choices keys={keys} by={by} onChange={onChange} onOpen={onOpen} />}
    </Menu>
  );
}

function Choices({ keys, by, onChange, onOpen }: { keys: Keys; by: readonly Column[]; onChange: (by: readonly Column[]) => void; onOpen: () => void }) {
  const [q, setQ] = useState('');
  const chosen = new Set(by.map(({ id }) => id));
  const toggle = (id: string) => onChange(chosen.has(id) ? by.filter((column) => column.id !== id) : [...by, parseColumn(id)!]);
  const sections = columnOptions(keys, q).map(({ title, options }) => ({
    title, options: options.filter(({ id }) => isGroupable(parseColumn(id)!) && id !== 'started'),
  })).filter(({ options }) => options.length > 0)
    // Numbers that were measured are grouped by least often.
    .sort((a, b) => Number(a.title === 'Metrics') - Number(b.title === 'Metrics'));
  return (
    <div className={style.picker} onFocus={onOpen}>
      <div className={style.pickerHead}>
        <SearchBox primary={false} value={q} onChange={setQ} placeholder="Group by …" label="Find a field to group by" />
        <button type="button" className={kit.button} disabled={by.length === 0} onClick={() => onChange([])}>Clear</button>
      </div>
      {sections.map(({ title, options, more }: { title: string; options: { id: string; label: string }[]; more?: number }) => (
        <fieldset key={title}>
          <legend>{title}</legend>
          {options.map(({ id, label }) => (
            <label key={id} title={label}>
              <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
              <span>{label}</span>
              {chosen.has(id) && by.length > 1 && <small>{by.findIndex((column) => column.id === id) + 1}</small>}
            </label>
          ))}
          {more !== undefined && more > 0 && <p>and {more} more: type to find them</p>}
        </fieldset>
      ))}
      {sections.length === 0 && <p className={style.noneFound}>No field of that name.</p>}
    </div>
  );
}
