// The table of runs: rows are drawn only where they are seen, so that any number of them scrolls alike.
import {
  columnSizingFeature, createExpandedRowModel, type ExpandedState, rowExpandingFeature, tableFeatures, useTable,
} from '@tanstack/react-table';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '../design/Icon';
import { useRowCursor } from '../shell/useRowCursor';
import { type Column, nextSort, sortField } from './columns';
import { columnTitle, columnWidth, isNumeric, RunCell } from './RunCell';
import style from './runs.module.css';
import type { RunNode } from './tree';

const features = tableFeatures({ columnSizingFeature, rowExpandingFeature, expandedRowModel: createExpandedRowModel() });
const rowHeight = 36;

export function RunsTable({ nodes, columns, sort, stale, onSort, onEnd }: {
  nodes: RunNode[]; columns: readonly Column[]; sort: string | undefined; stale: boolean;
  onSort: (sort: string | undefined) => void; onEnd: () => void;
}) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [expanded, setExpanded] = useState<ExpandedState>(true);
  const definitions = useMemo(() => columns.map((column) => ({ id: column.id, size: columnWidth(column), meta: column })), [columns]);
  const table = useTable({
    features, columns: definitions, data: nodes, getRowId: (node) => node.row.run.id, getSubRows: (node) => node.children,
    state: { expanded }, onExpandedChange: setExpanded,
  });
  const rows = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const cursor = useRowCursor(
    rows.length,
    (row) => void navigate({ to: '/runs/$runId', params: { runId: rows[row]!.id } }),
    (row) => virtual.scrollToIndex(row),
  );

  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 40) onEnd();
  }, [last, rows.length, onEnd]);

  const width = table.getTotalSize();
  return (
    <div
      ref={scroller} className={`${style.table} ${stale ? style.stale : ''}`} role="table" aria-label="Runs" aria-rowcount={rows.length + 1}
      aria-busy={stale} tabIndex={0}
    >
      <div className={style.headRow} role="row" aria-rowindex={1} style={{ minWidth: width }}>
        {columns.map((column) => <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />)}
      </div>
      <div role="rowgroup" className={style.body} style={{ height: virtual.getTotalSize(), minWidth: width }}>
        {items.map((item) => {
          const row = rows[item.index]!;
          return (
            <div
              key={row.id} role="row" aria-rowindex={item.index + 2} className={`${style.row} ${item.index === cursor ? style.current : ''}`}
              aria-current={item.index === cursor || undefined} style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
            >
              {columns.map((column) => (
                <RunCell
                  key={column.id} column={column} row={row.original.row} depth={row.depth}
                  nested={row.original.children.length} open={row.getIsExpanded()} onToggle={() => row.toggleExpanded()}
                />
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function HeadCell({ column, sort, onSort }: { column: Column; sort: string | undefined; onSort: (sort: string | undefined) => void }) {
  const title = columnTitle(column);
  const direction = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : 'none';
  const sortable = sortField(column) !== null;
  return (
    <div
      role="columnheader" aria-sort={sortable ? direction : undefined} style={{ width: columnWidth(column) }}
      className={`${style.cell} ${style.headCell} ${isNumeric(column) ? style.right : ''} ${pinned(column)}`}
    >
      {sortable ? (
        <button type="button" onClick={() => onSort(nextSort(sort, column))} title={`${title}: sort`}>
          <span>{title}</span>
          {direction !== 'none' && <Icon name={direction === 'ascending' ? 'up' : 'down'} size={12} />}
        </button>
      ) : <span title={title}>{title}</span>}
    </div>
  );
}

export function pinned(column: Column): string {
  return column.id === 'status' ? style.pinStatus! : column.id === 'name' ? style.pinName! : '';
}
