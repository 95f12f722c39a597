import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { count } from '../format/numbers';
import { type Csv, numericColumns, parseCsv } from './csv';
import style from './files.module.css';

const rowHeight = 28;

/** Delimited text as a table; rows are drawn only where they are seen. */
export function CsvTable({ text, truncated }: { text: string; truncated: boolean }) {
  const csv = useMemo(() => parseCsv(text, { truncated }), [text, truncated]);
  const numeric = useMemo(() => numericColumns(csv), [csv]);
  const widths = useMemo(() => columnWidths(csv), [csv]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: csv.rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 20 });
  const width = widths.reduce((sum, w) => sum + w, 56);
  return (
    <>
      <p className={style.shape}>{count(csv.rows.length, 'row')}{truncated ? ' read' : ''} · {count(csv.header.length, 'column')}</p>
      <div ref={scroller} className={style.csv} role="table" aria-label="Rows of the file" aria-rowcount={csv.rows.length + 1} tabIndex={0}>
        <div className={style.csvHead} role="row" style={{ width }}>
          <span className={style.rowNumber} role="columnheader"><span className="quiet">Row</span></span>
          {csv.header.map((name, i) => (
            <span key={i} role="columnheader" title={name} className={numeric[i] ? style.right : undefined} style={{ width: widths[i] }}>{name}</span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), width, position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => (
            <div key={item.index} role="row" aria-rowindex={item.index + 2} className={style.csvRow} style={{ transform: `translateY(${item.start}px)` }}>
              <span className={style.rowNumber} role="rowheader">{item.index + 1}</span>
              {csv.header.map((_, i) => {
                const value = csv.rows[item.index]![i] ?? '';
                return <span key={i} role="cell" title={value} className={numeric[i] ? style.right : undefined} style={{ width: widths[i] }}>{value}</span>;
              })}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function columnWidths(csv: Csv): number[] {
  return csv.header.map((name, i) => {
    let longest = name.length;
    for (const row of csv.rows.slice(0, 200)) longest = Math.max(longest, row[i]?.length ?? 0);
    return Math.min(280, Math.max(56, longest * 8.2 + 24));
  });
}
