import { useState } from 'react';
import type { BulkChange, RunRow } from '../api/types';
import { Icon } from '../design/Icon';
import { Menu } from '../design/Menu';
import { kit } from '../design/kit';
import { count } from '../format/numbers';
import { changeRuns } from './changeRuns';
import { ColorChoice } from './RunMark';
import { archivedTag, type runsMeant, type RunViewSearch } from './runsQuery';
import style from './runs.module.css';
import type { SelectionActions } from './selection';

/**
 * What can be done with the runs that are chosen, or with all that the filter finds. Whatever it does can be undone. It stands
 * over the foot of the page: rows stay where they are while one chooses.
 */
export function BulkBar({ experimentId, selection, state, meant, loaded, hasMore, onCompare, onDone }: {
  experimentId: string; selection: SelectionActions; state: RunViewSearch['state']; meant: ReturnType<typeof runsMeant>; loaded: readonly RunRow[];
  hasMore: boolean; onCompare: () => void; onDone: () => Promise<unknown>;
}) {
  const { selected, all: every } = selection;
  if (selected.length === 0 && !every) return null;
  const act = (did: (n: number) => string, change: Omit<BulkChange, 'runIds' | 'where'>) => {
    const which: BulkChange = every
      ? { where: { experiment: experimentId, filter: meant.filter ?? null, state: meant.state ?? null } }
      : { runIds: [...selected] };
    void changeRuns([{ ...which, ...change }], did, onDone);
    selection.select([]);
  };
  const runs = (n: number) => count(n, 'run');
  const deleted = state === 'deleted';
  const chosenRows = loaded.filter(({ run }) => selection.isSelected(run.id));
  return (
    <div className={style.bulk} data-dock="" role="region" aria-label="Chosen runs">
      <strong>{every ? 'All runs that match' : `${selected.length} chosen`}</strong>
      {hasMore && selected.length === loaded.length && !every && <button type="button" className={style.linkButton} onClick={selection.selectAll}>Choose all that match, also those not loaded</button>}
      <span className={style.space} />
      <button type="button" className={kit.button} disabled={every || selected.length < 2} onClick={onCompare} title="Side by side (c)"><Icon name="chart" size={14} /> Compare</button>
      {!every && <button type="button" className={kit.button} title="Only these in the charts" onClick={() => selection.setShown(selected)}>Only these in charts</button>}
      {!every && <ColorChoice runs={selected}><span className={style.swatch} aria-hidden="true" /> Colour</ColorChoice>}
      {!deleted && (
        <Menu label="Tag" button={<><Icon name="tag" size={14} /> Tag</>}>
          {(close) => (
            <TagForm
              onSet={(key, value) => {
                close();
                act((n) => `Tag “${key}” ${value === null ? 'removed from' : 'set on'} ${runs(n)}`, { tags: { [key]: value } });
              }}
            />
          )}
        </Menu>
      )}
      {!deleted && state !== 'archived' && <button type="button" className={kit.button} title="Out of this table, not in the bin" onClick={() => act((n) => `${runs(n)} archived`, { tags: { [archivedTag]: 'true' } })}><Icon name="box" size={14} /> Archive</button>}
      {(state === 'archived' || (state === 'all' && chosenRows.some(({ tags }) => tags[archivedTag] === 'true'))) && <button type="button" className={kit.button} onClick={() => act((n) => `${runs(n)} back from the archive`, { tags: { [archivedTag]: null } })}>Unarchive</button>}
      {!deleted && <button type="button" className={kit.button} onClick={() => act((n) => `${runs(n)} deleted`, { state: 'deleted' })}><Icon name="cross" size={14} /> Delete</button>}
      {(deleted || state === 'all') && <button type="button" className={kit.button} onClick={() => act((n) => `${runs(n)} restored`, { state: 'active' })}><Icon name="reset" size={14} /> Restore</button>}
      <button type="button" className={kit.bare} title="Choose none (Esc)" onClick={() => selection.select([])}><Icon name="cross" size={13} label="Choose none" /></button>
    </div>
  );
}

function TagForm({ onSet }: { onSet: (key: string, value: string | null) => void }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  return (
    <form
      className={style.tagForm}
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== '') onSet(key.trim(), value);
      }}
    >
      <label>Tag <input className={style.field} value={key} onChange={(event) => setKey(event.target.value)} placeholder="team" /></label>
      <label>Value <input className={style.field} value={value} onChange={(event) => setValue(event.target.value)} placeholder="weather" /></label>
      <div>
        <button type="submit" className={kit.button} disabled={key.trim() === ''}>Set</button>
        <button type="button" className={kit.button} disabled={key.trim() === ''} onClick={() => onSet(key.trim(), null)}>Remove</button>
      </div>
    </form>
  );
}
