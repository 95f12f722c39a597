import { useMemo } from 'react';
import type { RunRow } from '../api/types';
import { Icon } from '../design/Icon';
import { formatNumber } from '../format/numbers';
import { importanceOf } from './importance';
import { columnTitle, valueOf } from './values';
import style from './workspace.module.css';

const method =
  'Importance: a random forest of 40 trees learns the metric from the parameters; a parameter counts by how much the error grows where its values are shuffled, measured on runs the tree has not seen. All parameters together are 100 %. Correlation: Pearson’s, from −1 to 1, for numbers. Both speak of these runs only, and of no cause.';

/** Which of the parameters a metric depends on, over the runs that are looked at. */
export function ImportancePanel({ rows, target, params }: { rows: readonly RunRow[]; target: string; params: readonly string[] }) {
  const found = useMemo(
    () => importanceOf(params, params.map((column) => rows.map((row) => valueOf(row, column))), rows.map((row) => valueOf(row, target))),
    [rows, target, params],
  );
  if (params.length === 0) return <p className={style.quiet}>These runs do not differ in any parameter.</p>;
  if (!found) return <p className={style.quiet}>At least 8 runs with a value of {columnTitle(target)} are needed.</p>;
  return (
    <div className={style.importance} tabIndex={0} role="group" aria-label={`What ${columnTitle(target)} depends on`}>
      <table>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col"><span title={method}>Importance <Icon name="info" size={12} /></span></th>
            <th scope="col"><span title={method}>Correlation</span></th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ column, share, correlation }) => (
            <tr key={column}>
              <th scope="row" title={columnTitle(column)}>{columnTitle(column)}</th>
              <td><span className={style.meter}><i style={{ width: `${share * 100}%` }} /></span> {Math.round(share * 100)} %</td>
              <td data-sign={correlation !== null && correlation < 0 ? 'down' : 'up'}>{correlation === null ? '–' : formatNumber(Number(correlation.toFixed(2)))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={style.method}>{method}</p>
    </div>
  );
}
