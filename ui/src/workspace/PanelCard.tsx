import type { RunRow } from '../api/types';
import { BarChart } from '../charts/BarChart';
import style from '../charts/charts.module.css';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { ImportancePanel } from './ImportancePanel';
import { ParallelPanel } from './ParallelPanel';
import type { Brushes, Panel } from './panels';
import { panelFacts } from './panels';
import { type Dot, ScatterPanel } from './ScatterPanel';
import { columnTitle, valueOf } from './values';

const height = 240;

export function PanelCard({ panel, dots, kept, params, brushes, onBrush, isKept, onRemove, onPick }: {
  panel: Panel; dots: readonly Dot[]; kept: readonly Dot[]; params: readonly string[]; brushes: Brushes;
  onBrush: (column: string, range: readonly [number, number] | null) => void; isKept: (id: string) => boolean;
  onRemove: () => void; onPick: (id: string) => void;
}) {
  const { kind, columns } = panel;
  const title = kind === 'scatter' ? `${columnTitle(columns[1]!)} against ${columnTitle(columns[0]!)}`
    : kind === 'parallel' ? columns.map(columnTitle).join(' · ')
    : kind === 'importance' ? `What ${columnTitle(columns[0]!)} depends on` : columnTitle(columns[0]!);
  return (
    <section className={style.card} aria-label={title} data-large={kind === 'parallel' || undefined}>
      <header className={style.head}>
        <h3 className={style.title} title={`${panelFacts[kind].title}: ${title}`}>{title}</h3>
        <button type="button" className={`${kit.bare} ${style.grow}`} title="Take the panel away" onClick={onRemove}><Icon name="cross" size={13} label={`Take ${title} away`} /></button>
      </header>
      {kind === 'scatter' && <ScatterPanel dots={kept} columns={[columns[0]!, columns[1]!]} height={height} onPick={onPick} />}
      {kind === 'bar' && <BarChart bars={bars(kept, columns[0]!)} label={title} height={height} onPick={onPick} />}
      {kind === 'parallel' && <ParallelPanel dots={dots} columns={columns} height={height + 40} brushes={brushes} onBrush={onBrush} isKept={isKept} />}
      {kind === 'importance' && <ImportancePanel rows={rowsOf(kept)} target={columns[0]!} params={params} />}
    </section>
  );
}

const bars = (dots: readonly Dot[], column: string) => dots.flatMap(({ row, label, color }) => {
  const value = valueOf(row, column);
  return typeof value === 'number' ? [{ id: row.run.id, label, color, value }] : [];
});

const known = new WeakMap<readonly Dot[], readonly RunRow[]>();

/** The same rows for the same dots, so that what is computed of them is computed once. */
function rowsOf(dots: readonly Dot[]): readonly RunRow[] {
  let rows = known.get(dots);
  if (!rows) known.set(dots, rows = dots.map(({ row }) => row));
  return rows;
}
