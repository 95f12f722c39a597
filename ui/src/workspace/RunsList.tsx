import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { setHotRun } from '../charts/hotRun';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { LongName } from '../design/LongName';
import { count, groupThousands } from '../format/numbers';
import type { SelectionActions } from '../runs/selection';
import type { Dot } from './ScatterPanel';
import style from './workspace.module.css';
import { mostRuns } from './workspaceSearch';

const rowHeight = 30;

/** The runs that are drawn: what colour each is, and whether it is drawn. Pointing at one brings its line to the front. */
export function RunsList({ dots, selection, isKept, total, onCount, wanted, counts }: {
  dots: readonly Dot[]; selection: SelectionActions; isKept: (id: string) => boolean; wanted: number;
  /** Of how many, where that is known. */
  total: number | null;
  counts: readonly number[]; onCount: (n: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: dots.length, getScrollElement: () => box.current, estimateSize: () => rowHeight, overscan: 12 });
  const isChosen = selection.selected.length > 0;
  const allShown = dots.every(({ row }) => selection.isShown(row.run.id));
  return (
    <aside className={style.runs} aria-label="Runs in the charts">
      <header>
        <button
          type="button" className={style.swatch} aria-pressed={allShown} title={allShown ? 'Hide all' : 'Draw all'} aria-label="Draw all runs"
          onClick={() => selection.setShown(allShown ? 'none' : 'all')}
        >
          <span data-all={allShown || undefined} />
        </button>
        {isChosen ? (
          <>
            <strong>{count(dots.length, 'chosen run')}</strong>
            <button type="button" className={kit.bare} title="Draw the first runs of the table instead" onClick={() => selection.select([])}><Icon name="cross" size={13} label="Choose no run" /></button>
          </>
        ) : (
          <label>
            <select value={wanted} aria-label="How many runs" onChange={(event) => onCount(Number(event.target.value))}>
              {[...new Set([...counts.filter((n) => total === null || n < total), wanted])].sort((a, b) => a - b).map((n) => (
                <option key={n} value={n}>{total !== null && n >= total ? `All ${count(total, 'run')}` : `First ${groupThousands(String(n))}`}</option>
              ))}
              {total !== null && total > wanted && total <= mostRuns && !counts.includes(total) && <option value={total}>All {count(total, 'run')}</option>}
            </select>
            {(total === null || total > wanted) && <span>{total === null ? 'that match' : `of ${count(total, 'run')}`}</span>}
          </label>
        )}
      </header>
      <div ref={box} className={style.scroller} tabIndex={0} role="group" aria-label="Runs">
        <ul style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const { row, label, color } = dots[index]!;
            const { id, name } = row.run;
            const isShown = selection.isShown(id);
            return (
              <li
                key={id} style={{ transform: `translateY(${start}px)`, height: rowHeight }} data-out={!isKept(id) || undefined}
                onPointerEnter={() => setHotRun(id)} onPointerLeave={() => setHotRun(null)}
              >
                <button
                  type="button" className={style.swatch} aria-pressed={isShown} aria-label={`Draw ${name}`} title={isShown ? 'Drawn: hide' : 'Hidden: draw'}
                  onClick={() => selection.toggleShown(id)}
                >
                  <span style={isShown ? { background: color, borderColor: color } : { borderColor: color }} />
                </button>
                <Link to="/runs/$runId" params={{ runId: id }} title={label} aria-label={label}><LongName name={label} /></Link>
              </li>
            );
          })}
        </ul>
      </div>
    </aside>
  );
}
