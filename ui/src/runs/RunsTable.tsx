// The table of runs: lines are drawn only where they are seen, so that any number of them scrolls alike.
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react';
import type { RunRow } from '../api/types';
import { useKeys } from '../shell/keys';
import { useMovableCursor } from '../shell/useRowCursor';
import { type Column, nextSort, parseSort } from './columns';
import { GroupCells } from './GroupCells';
import { HeadCell } from './HeadCell';
import { columnWidth, RunCell } from './RunCell';
import { RunMark } from './RunMark';
import type { AggregateName, TableLine } from './rows';
import style from './runs.module.css';
import { mostSelected, type SelectionActions } from './selection';

export const rowHeight = 36;
const markWidth = 66;
/** What the bar of the chosen runs covers at the end. */
const dockHeight = 64;

/** Where a column stands: how wide, and, for a pinned one, how far from the left edge. */
export interface Placed {
  column: Column;
  width: number;
  left: number | null;
}

export interface RunsTableProps {
  lines: readonly TableLine[];
  columns: readonly Column[];
  pinned: number;
  widths: ReadonlyMap<string, number>;
  sort: string | undefined;
  by: readonly Column[];
  of: readonly Column[];
  agg: AggregateName;
  stale: boolean;
  selection: SelectionActions;
  onSort: (sort: string | undefined) => void;
  onColumns: (columns: readonly Column[], pinned: number) => void;
  onWidth: (column: Column, width: number | null) => void;
  onGroupBy: (column: Column) => void;
  /** Only runs that have the value of this one. */
  onLike: (column: Column, row: RunRow) => void;
  onOpen: (line: TableLine) => void;
  onMore: (group: string) => void;
  onSelectGroup: (group: string) => void;
  onEnd: () => void;
}

/** The run that Enter opened last from the table at an address: there the keys go on after the way back. */
const openedByKey = new Map<string, string>();

export function RunsTable(props: RunsTableProps) {
  const { lines, columns, pinned, widths, sort, stale, selection, onSort, onOpen, onMore, onEnd } = props;
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [resizing, setResizing] = useState<{ id: string; width: number } | null>(null);
  const placed = useMemo(() => {
    let left = markWidth;
    return columns.map((column, i): Placed => {
      const width = resizing?.id === column.id ? resizing.width : (widths.get(column.id) ?? columnWidth(column));
      const place = { column, width, left: i <= pinned ? left : null };
      left += width;
      return place;
    });
  }, [columns, pinned, widths, resizing]);
  const total = placed.reduce((sum, { width }) => sum + width, markWidth);
  const sorts = useMemo(() => parseSort(sort), [sort]);
  const foot = selection.selected.length > 0 || selection.all ? dockHeight : 0;
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12, paddingEnd: foot, scrollPaddingEnd: foot });
  const items = virtual.getVirtualItems();

  const open = (index: number) => {
    const line = lines[index]!;
    if (line.kind === 'run') {
      openedByKey.set(window.location.pathname, line.id);
      void navigate({ to: '/runs/$runId', params: { runId: line.row.run.id } });
    } else if (line.kind === 'group') onOpen(line);
    else onMore(line.group);
  };
  const { cursor, move } = useMovableCursor(lines.length, open, (row) => virtual.scrollToIndex(row));
  useEffect(() => {
    const place = window.location.pathname;
    const row = lines.findIndex(({ id }) => id === openedByKey.get(place));
    openedByKey.delete(place);
    if (row >= 0) move(row);
    // Once: whoever comes back goes on from there.
  }, []);
  const at = lines[cursor];
  const last = useRef<string | null>(null);
  const select = (row: RunRow, range: boolean) => {
    const runs = lines.filter((line) => line.kind === 'run');
    const from = runs.findIndex(({ id }) => id === last.current);
    const to = runs.findIndex(({ id }) => id === row.run.id);
    if (range && from >= 0 && to >= 0) {
      selection.select([...selection.selected, ...runs.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ id }) => id)]);
    } else selection.toggleSelected(row.run.id);
    last.current = row.run.id;
  };
  const isOpenable = at?.kind === 'group' || (at?.kind === 'run' && at.nested > 0);
  useKeys({
    x: () => {
      if (at?.kind === 'run') select(at.row, false);
      else if (at?.kind === 'group') props.onSelectGroup(at.id);
    },
    X: () => {
      if (at?.kind === 'run') select(at.row, true);
    },
    h: () => {
      if (at?.kind === 'run') selection.toggleShown(at.row.run.id);
    },
    ArrowRight: (event) => {
      if (!isOpenable || at.open || !isHere(event, scroller.current)) return;
      event.preventDefault();
      onOpen(at);
    },
    ArrowLeft: (event) => {
      if (!isOpenable || !at.open || !isHere(event, scroller.current)) return;
      event.preventDefault();
      onOpen(at);
    },
  });

  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= lines.length - 40) onEnd();
  }, [lastShown, lines.length, onEnd]);

  const shownIds = lines.filter((line) => line.kind === 'run').map(({ id }) => id);
  const chosenHere = shownIds.filter(selection.isSelected).length;
  const hasNested = lines.some((line) => line.kind !== 'run' || line.nested > 0);
  const allShown = shownIds.every(selection.isShown);
  return (
    <div
      ref={scroller} className={`${style.table} ${stale ? style.stale : ''}`} role="table" aria-label="Runs" aria-rowcount={lines.length + 1}
      aria-busy={stale} tabIndex={0}
    >
      <div className={style.headRow} role="row" aria-rowindex={1} style={{ minWidth: total }}>
        <div role="columnheader" className={`${style.cell} ${style.headCell} ${style.mark}`}>
          <input
            type="checkbox" aria-label="Choose all runs that are loaded" title="Choose all runs that are loaded" checked={chosenHere > 0 && chosenHere === shownIds.length}
            ref={(box) => {
              if (box) box.indeterminate = chosenHere > 0 && chosenHere < shownIds.length;
            }}
            onChange={() => (chosenHere > 0 ? selection.select([]) : shownIds.length > mostSelected ? selection.selectAll() : selection.select(shownIds))}
          />
          <RunMark.All shown={allShown} onToggle={() => selection.setShown(allShown ? 'none' : 'all')} />
        </div>
        {placed.map((place, index) => (
          <HeadCell
            key={place.column.id} place={place} index={index} sorts={sorts} table={props}
            onSort={(add) => onSort(nextSort(sort, place.column, add))} onResizing={(width) => setResizing(width === null ? null : { id: place.column.id, width })}
          />
        ))}
      </div>
      <div role="rowgroup" className={style.body} style={{ height: virtual.getTotalSize(), minWidth: total }}>
        {items.map((item) => {
          const line = lines[item.index]!;
          const isCurrent = item.index === cursor;
          const chosen = line.kind === 'run' && selection.isSelected(line.id);
          return (
            <div
              key={line.id} role="row" aria-rowindex={item.index + 2} aria-current={isCurrent || undefined} aria-selected={chosen || undefined}
              className={`${style.row} ${isCurrent ? style.current : ''} ${chosen ? style.chosen : ''} ${line.kind === 'group' ? style.groupRow : ''}`}
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }} onClick={(event) => {
                move(item.index);
                if (!event.altKey || line.kind !== 'run') return;
                const cells = [...event.currentTarget.querySelectorAll('[role=cell]')];
                const place = placed[cells.findIndex((cell) => cell.contains(event.target as Node)) - 1];
                if (!place) return;
                event.preventDefault();
                props.onLike(place.column, line.row);
              }}
            >
              {line.kind === 'run' && (
                <>
                  <RunMark run={line.row.run} selected={chosen} shown={selection.isShown(line.id)} onSelect={(range) => select(line.row, range)} onShow={() => selection.toggleShown(line.id)} />
                  {placed.map((place) => <RunCell key={place.column.id} place={place} row={line.row} depth={line.depth} nested={line.nested} indent={hasNested} open={line.open} onToggle={() => onOpen(line)} />)}
                </>
              )}
              {line.kind === 'group' && <GroupCells line={line} placed={placed} table={props} />}
              {line.kind === 'more' && (
                <div role="cell" className={style.more}>
                  <button type="button" onClick={() => onMore(line.group)}>Show more of this group ({line.shown} of {line.of})</button>
                </div>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Arrows within the table or on nothing in particular; elsewhere (a tab, a chart) they have their own meaning. */
function isHere(event: Event, table: HTMLElement | null): boolean {
  const target = event.target as HTMLElement;
  return target === document.body || target.id === 'main' || target === table || (!!table?.contains(target) && target.closest('[role=columnheader]') === null);
}

/** How a cell stands in its line. */
export function cellStyle({ width, left }: Placed): CSSProperties {
  return left === null ? { width } : { width, left };
}

export function cellClass({ column, left }: Placed): string {
  return left === null ? '' : `${style.pinned} ${column.id === 'name' ? style.pinName : style.pinMore}`;
}
