import { type DragEvent, type KeyboardEvent, type PointerEvent, useState } from 'react';
import { Icon } from '../design/Icon';
import { Menu, MenuItem, MenuLine } from '../design/Menu';
import { type Column, clampWidth, isFixed, isGroupable, moveColumn, nextSort, parseSort, pinColumn, type Sort, sortField, writeSort } from './columns';
import { columnTitle, isNumeric } from './RunCell';
import { cellClass, cellStyle, type Placed, type RunsTableProps } from './RunsTable';
import style from './runs.module.css';

const dragType = 'application/x-cairn-column';

interface HeadCellProps {
  place: Placed;
  index: number;
  sorts: readonly Sort[];
  table: RunsTableProps;
  onSort: (add: boolean) => void;
  onResizing: (width: number | null) => void;
}

/** A heading: click to sort (Shift: also by this), drag to move, drag its edge to resize; all of it by keys and menu too. */
export function HeadCell({ place, index, sorts, table, onSort, onResizing }: HeadCellProps) {
  const { column, width } = place;
  const title = columnTitle(column);
  const order = sorts.findIndex((one) => one.column.id === column.id);
  const sorted = sorts[order];
  const direction = !sorted ? 'none' : sorted.descending ? 'descending' : 'ascending';
  const sortable = sortField(column) !== null;
  const [over, setOver] = useState<'before' | 'after' | null>(null);
  const movable = !isFixed(column);
  const moveBy = (by: number) => table.onColumns(moveColumn(table.columns, column.id, index + by, table.pinned), table.pinned);

  const onKey = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
    event.preventDefault();
    const by = event.key === 'ArrowLeft' ? -1 : 1;
    if (event.shiftKey) table.onWidth(column, clampWidth(width + by * 20));
    else if (movable) moveBy(by);
  };
  const onDrop = (event: DragEvent) => {
    const id = event.dataTransfer.getData(dragType);
    setOver(null);
    const from = table.columns.findIndex((one) => one.id === id);
    if (from <= 0) return;
    event.preventDefault();
    const after = over === 'after' ? 1 : 0;
    table.onColumns(moveColumn(table.columns, id, index + after - (from < index + after ? 1 : 0), table.pinned), table.pinned);
  };
  return (
    <div
      role="columnheader" aria-sort={sortable ? direction : undefined} style={cellStyle(place)} draggable={movable} data-over={over ?? undefined}
      className={`${style.cell} ${style.headCell} ${isNumeric(column) ? style.right : ''} ${cellClass(place)}`} onKeyDown={onKey}
      onDragStart={(event) => {
        event.dataTransfer.setData(dragType, column.id);
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(dragType)) return;
        event.preventDefault();
        const box = event.currentTarget.getBoundingClientRect();
        setOver(event.clientX < box.left + box.width / 2 ? 'before' : 'after');
      }}
      onDragLeave={() => setOver(null)} onDrop={onDrop}
    >
      {sortable ? (
        <button type="button" className={style.headButton} onClick={(event) => onSort(event.shiftKey)} title={`${title}: sort (Shift: also by this; Alt+arrows: move)`}>
          <span>{title}</span>
          {sorted && <Icon name={sorted.descending ? 'down' : 'up'} size={12} />}
          {sorted && sorts.length > 1 && <small>{order + 1}</small>}
        </button>
      ) : <span className={style.headButton} title={title}>{title}</span>}
      <HeadMenu column={column} index={index} width={width} sorted={sorted} table={table} moveBy={moveBy} />
      <Edge width={width} onResizing={onResizing} onDone={(next) => table.onWidth(column, next)} onReset={() => table.onWidth(column, null)} />
    </div>
  );
}

function HeadMenu({ column, index, width, sorted, table, moveBy }: {
  column: Column; index: number; width: number; sorted: Sort | undefined; table: RunsTableProps; moveBy: (by: number) => void;
}) {
  const { columns, pinned, sort, by } = table;
  const title = columnTitle(column);
  const isPinned = index <= pinned;
  const setSort = (descending: boolean) => table.onSort(writeSort([{ column, descending }]));
  return (
    <Menu label={`Column ${title}`} role="menu" align="right" className={style.headMenu} button={<Icon name="down" size={12} />}>
      {(close) => {
        const then = (act: () => void) => () => {
          close();
          act();
        };
        return (
          <>
            {sortField(column) !== null && (
              <>
                <MenuItem onSelect={then(() => setSort(false))}><Icon name="up" size={13} /> Sort ascending</MenuItem>
                <MenuItem onSelect={then(() => setSort(true))}><Icon name="down" size={13} /> Sort descending</MenuItem>
                {!sorted && parseSort(sort).length > 0 && <MenuItem onSelect={then(() => table.onSort(nextSort(sort, column, true)))}><Icon name="plus" size={13} /> Then by this</MenuItem>}
                {sorted && <MenuItem onSelect={then(() => table.onSort(writeSort(parseSort(sort).filter((one) => one.column.id !== column.id))))}><Icon name="cross" size={13} /> Do not sort by this</MenuItem>}
                {isGroupable(column) && !by.some(({ id }) => id === column.id) && <MenuItem onSelect={then(() => table.onGroupBy(column))}><Icon name="tree" size={13} /> Group by this</MenuItem>}
                <MenuLine />
              </>
            )}
            {!isFixed(column) && (
              <>
                <MenuItem
                  onSelect={then(() => {
                    const next = pinColumn(columns, column.id, pinned);
                    table.onColumns(next.columns, next.pinned);
                  })}
                >
                  <Icon name="star" size={13} /> {isPinned ? 'Unpin' : 'Pin beside the name'}
                </MenuItem>
                <MenuItem onSelect={then(() => moveBy(-1))}><span className={style.flip}><Icon name="right" size={13} /></span> Move left <kbd>Alt ←</kbd></MenuItem>
                <MenuItem onSelect={then(() => moveBy(1))}><Icon name="right" size={13} /> Move right <kbd>Alt →</kbd></MenuItem>
              </>
            )}
            <MenuItem onSelect={then(() => table.onWidth(column, clampWidth(width + 60)))}><Icon name="plus" size={13} /> Wider <kbd>Alt ⇧ →</kbd></MenuItem>
            <MenuItem onSelect={then(() => table.onWidth(column, clampWidth(width - 60)))}><Icon name="minus" size={13} /> Narrower <kbd>Alt ⇧ ←</kbd></MenuItem>
            {!isFixed(column) && (
              <>
                <MenuLine />
                <MenuItem onSelect={then(() => table.onColumns(columns.filter(({ id }) => id !== column.id), isPinned ? pinned - 1 : pinned))}><Icon name="cross" size={13} /> Hide the column</MenuItem>
              </>
            )}
          </>
        );
      }}
    </Menu>
  );
}

/** The right edge of a heading, which the pointer takes to resize the column. The keys and the menu do the same. */
function Edge({ width, onResizing, onDone, onReset }: {
  width: number; onResizing: (width: number | null) => void; onDone: (width: number) => void; onReset: () => void;
}) {
  const onPointerDown = (down: PointerEvent<HTMLSpanElement>) => {
    if (down.button !== 0) return;
    down.preventDefault();
    const edge = down.currentTarget;
    edge.setPointerCapture(down.pointerId);
    const at = (event: { clientX: number }) => clampWidth(width + event.clientX - down.clientX);
    const move = (event: globalThis.PointerEvent) => onResizing(at(event));
    const end = (event: globalThis.PointerEvent) => {
      edge.removeEventListener('pointermove', move);
      onResizing(null);
      if (Math.abs(event.clientX - down.clientX) > 2) onDone(at(event));
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('pointerup', end, { once: true });
    edge.addEventListener('pointercancel', () => {
      edge.removeEventListener('pointermove', move);
      onResizing(null);
    }, { once: true });
  };
  return (
    <span
      className={style.edge} aria-hidden="true" draggable onDragStart={(event) => { event.preventDefault(); event.stopPropagation(); }}
      onPointerDown={onPointerDown} onDoubleClick={onReset}
    />
  );
}
