import { Icon } from '../design/Icon';
import { Menu, MenuItem } from '../design/Menu';
import style from './runs.module.css';
import type { RunViewSearch } from './runsQuery';

const states = [['', 'Active'], ['archived', 'Archived'], ['deleted', 'Deleted'], ['all', 'All']] as const;

/** Which runs are looked at: those in use, those out of the way, those in the bin. */
export function StateMenu({ state, onChange }: { state: RunViewSearch['state']; onChange: (state: RunViewSearch['state']) => void }) {
  const now = states.find(([one]) => one === (state ?? ''))![1];
  return (
    <Menu label={`Which runs: ${now}`} role="menu" button={<>{now} <Icon name="down" size={12} /></>}>
      {(close) => states.map(([one, word]) => (
        <MenuItem key={one} onSelect={() => { close(); onChange(one || undefined); }}>
          {(state ?? '') === one ? <Icon name="check" size={13} /> : <span className={style.noIcon} />} {word}
        </MenuItem>
      ))}
    </Menu>
  );
}
