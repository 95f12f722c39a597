import type { RunInfo } from '../api/types';
import { Menu } from '../design/Menu';
import { colorCount, colors } from './runColors';
import style from './runs.module.css';
import { useRunColor } from './selection';

/** Before each run: whether it is chosen, and its colour, which is also the switch that hides it from the charts. */
export function RunMark({ run, selected, shown, onSelect, onShow }: {
  run: RunInfo; selected: boolean; shown: boolean; onSelect: (range: boolean) => void; onShow: () => void;
}) {
  const color = useRunColor(run.id);
  return (
    <div role="cell" className={`${style.cell} ${style.mark}`}>
      <input
        type="checkbox" checked={selected} aria-label={`Choose ${run.name}`} title="Choose (x); with Shift: all up to here"
        onChange={(event) => onSelect((event.nativeEvent as MouseEvent).shiftKey)}
      />
      <button
        type="button" className={style.eye} aria-pressed={shown} aria-label={`${run.name} in charts`} title={shown ? 'In the charts: hide (h)' : 'Hidden from the charts: show (h)'}
        onClick={onShow}
      >
        <span style={shown ? { background: color, borderColor: color } : { borderColor: color }} />
      </button>
    </div>
  );
}

RunMark.All = function All({ shown, onToggle }: { shown: boolean; onToggle: () => void }) {
  return (
    <button type="button" className={style.eye} aria-pressed={shown} aria-label="All runs in charts" title={shown ? 'Hide all from the charts' : 'Show all in the charts'} onClick={onToggle}>
      <span className={style.allMark} data-shown={shown || undefined} />
    </button>
  );
};

/** The colours that a run can be given. */
export function ColorChoice({ runs, children }: { runs: readonly string[]; children: React.ReactNode }) {
  return (
    <Menu label="Colour of the chosen runs" button={children}>
      {(close) => (
        <div className={style.colors}>
          {Array.from({ length: colorCount }, (_, i) => (
            <button
              key={i} type="button" aria-label={`Colour ${i + 1}`} style={{ background: `var(--run-${i})` }}
              onClick={() => {
                for (const id of runs) colors.choose(id, i);
                close();
              }}
            />
          ))}
          <button
            type="button" className={style.ownColor}
            onClick={() => {
              for (const id of runs) colors.choose(id, null);
              close();
            }}
          >
            Their own
          </button>
        </div>
      )}
    </Menu>
  );
}
