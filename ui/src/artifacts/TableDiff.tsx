import { useMemo } from 'react';
import type { ColumnStats } from '../files/columnStats';
import type { Table } from '../files/table';
import { count, formatNumber } from '../format/numbers';
import style from './artifacts.module.css';
import { changeOf } from './manifestDiff';
import { diffTables } from './tableDiff';

/** What changed in a table, told by rows and by the figures of every column. */
export function TableDiff({ before, after }: { before: Table | null; after: Table | null }) {
  const diff = useMemo(() => diffTables(before, after), [before, after]);
  const { rowsBefore, rowsAfter, rowsAdded, rowsRemoved } = diff;
  return (
    <div className={style.comparisonFrame} tabIndex={0} role="region" aria-label="Changes of the table">
      <p className={style.tableChange}>
        {count(rowsBefore, 'row')} before, {count(rowsAfter, 'row')} after
        {rowsAdded !== null && rowsRemoved !== null && <> · <b>{rowsAdded}</b> added, <b>{rowsRemoved}</b> removed</>}
      </p>
      <table className={style.comparison}>
        <thead>
          <tr><th scope="col">Column</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Mean, missing</th></tr>
        </thead>
        <tbody>
          {diff.columns.map(({ name, before: was, after: is, same }) => (
            <tr key={name} className={same ? undefined : style.strong}>
              <th scope="row" title={name}>{name}</th>
              <td><Figures stats={was} /></td>
              <td><Figures stats={is} /></td>
              <td className={style.change}>{was === null ? 'new column' : is === null ? 'gone' : changes(was, is)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Figures({ stats }: { stats: ColumnStats | null }) {
  if (stats === null) return <span className={style.none}>–</span>;
  if (stats.kind === 'empty') return <span className={style.none}>nothing in it</span>;
  const missing = stats.missing > 0 ? `, ${stats.missing} missing` : '';
  if (stats.kind === 'number') return <>{formatNumber(stats.min!)} … {formatNumber(stats.max!)}, mean {formatNumber(Number(stats.mean!.toPrecision(5)))}{missing}</>;
  return <span title={stats.top && `most often: ${stats.top.value}`}>{count(stats.distinct, 'different value')}{stats.distinctAtLeast ? '+' : ''}{missing}</span>;
}

function changes(was: ColumnStats, is: ColumnStats): string {
  const parts: string[] = [];
  if (was.kind !== is.kind) parts.push(`${was.kind} became ${is.kind}`);
  const mean = changeOf(was.mean, is.mean);
  if (mean !== null) parts.push(mean);
  if (was.missing !== is.missing) parts.push(`${is.missing > was.missing ? '+' : '−'}${Math.abs(is.missing - was.missing)} missing`);
  return parts.length > 0 ? parts.join(', ') : was.kind === 'text' && was.distinct !== is.distinct ? `${is.distinct > was.distinct ? '+' : '−'}${Math.abs(is.distinct - was.distinct)} values` : '';
}
