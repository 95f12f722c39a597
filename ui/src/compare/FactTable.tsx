import { Fragment, type ReactNode } from 'react';
import { Breakable } from '../design/Breakable';
import { Icon } from '../design/Icon';
import { formatNumber, shortNumber } from '../format/numbers';
import style from './compare.module.css';
import type { FactRow } from './facts';

export interface Column {
  id: string;
  label: string;
  color: string;
  head: ReactNode;
}

export interface Section {
  title: string;
  rows: readonly FactRow[];
  /** How many of the section's rows are the same everywhere and not shown. */
  hidden: number;
}

/** Runs side by side: one column each, and in every row what differs stands out. */
export function FactTable({ columns, sections, base, onOrder }: {
  columns: readonly Column[]; sections: readonly Section[]; base: number;
  /** Puts the columns into the order of a row's values. */
  onOrder?: (row: FactRow) => void;
}) {
  return (
    <div className={style.frame} tabIndex={0} role="region" aria-label="Runs side by side">
      <table className={style.table}>
        <thead>
          <tr>
            <th scope="col"><span className={style.corner}>Runs</span></th>
            {columns.map(({ id, head }) => <th key={id} scope="col">{head}</th>)}
          </tr>
        </thead>
        <tbody>
          {sections.map(({ title, rows, hidden }) => (
            <Fragment key={title}>
              <tr className={style.part}>
                <th scope="rowgroup" colSpan={columns.length + 1}><span>{title} <small>{rows.length === 0 ? (hidden > 0 ? 'all the same' : 'none') : hidden > 0 ? `${rows.length} ${rows.length === 1 ? 'differs' : 'differ'}, ${hidden} the same` : rows.length}</small></span></th>
              </tr>
              {rows.map((row) => (
                <tr key={row.key} data-differs={row.differs || undefined}>
                  <th scope="row" title={row.key}>
                    {onOrder && columns.length > 2 ? <button type="button" className={style.order} title={`${row.key}: order the runs by this`} onClick={() => onOrder(row)}><Breakable name={row.key} /></button> : <Breakable name={row.key} />}
                  </th>
                  {row.values.map((value, i) => <Cell key={columns[i]!.id} row={row} value={value} i={i} base={base} />)}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ row, value, i, base }: { row: FactRow; value: string | null; i: number; base: number }) {
  const number = row.numbers?.[i];
  const against = row.numbers?.[base];
  const change = number !== null && number !== undefined && against !== null && against !== undefined && i !== base ? number - against : null;
  return (
    <td data-other={row.differs && !row.numbers && value !== row.values[base] ? '' : undefined} title={value ?? 'nothing'}>
      {value === null ? <span className={style.none}>–</span> : <span className={style.value}>{shortNumber(value)}</span>}
      {i === row.greatest && <span className={style.mark} title="Greatest"><Icon name="up" size={11} label="greatest" /></span>}
      {i === row.least && <span className={style.mark} title="Least"><Icon name="down" size={11} label="least" /></span>}
      {change !== null && change !== 0 && <small>{change > 0 ? '+' : ''}{formatNumber(Number(change.toPrecision(3)))}</small>}
    </td>
  );
}
