import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { count, formatNumber } from '../format/numbers';
import { type ColumnStats, columnStats } from './columnStats';
import style from './files.module.css';
import type { Table } from './table';

const rowHeight = 28;

/** A table with a few figures under each heading; rows are drawn only where they are seen. */
export function TableView({ table, truncated }: { table: Table; truncated: boolean }) {
  const { header, rows, total, types } = table;
  const stats = useMemo(() => header.map((_, i) => columnStats(rows, i)), [header, rows]);
  const widths = useMemo(() => columnWidths(table, stats), [table, stats]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 20 });
  const width = widths.reduce((sum, w) => sum + w, 56);
  const right = stats.map(({ kind }) => (kind === 'number' ? style.right : undefined));
  return (
    <>
      <p className={style.shape}>
        {count(total ?? rows.length, 'row')}{truncated ? ' read' : ''} · {count(header.length, 'column')}
        {total !== undefined && total > rows.length && ` · figures of the first ${count(rows.length, 'row')}`}
      </p>
      <div ref={scroller} className={style.csv} role="table" aria-label="Rows of the file" aria-rowcount={rows.length + 1} tabIndex={0}>
        <div className={style.csvHead} role="row" style={{ width, minWidth: '100%' }}>
          <span className={style.rowNumber} role="columnheader"><span className="quiet">Row</span></span>
          {header.map((name, i) => (
            <span key={i} role="columnheader" title={statsTitle(name, stats[i]!, types?.[i])} className={right[i]} style={{ width: widths[i] }}>
              <b>{name}</b>
              <small>{statsLine(stats[i]!)}</small>
              <small>{secondLine(stats[i]!)}</small>
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), width, minWidth: '100%', position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => (
            <div key={item.index} role="row" aria-rowindex={item.index + 2} className={style.csvRow} style={{ transform: `translateY(${item.start}px)` }}>
              <span className={style.rowNumber} role="rowheader">{item.index + 1}</span>
              {header.map((_, i) => {
                const value = rows[item.index]![i] ?? '';
                return <span key={i} role="cell" title={value} className={right[i]} style={{ width: widths[i] }}>{value}</span>;
              })}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

function statsLine(stats: ColumnStats): string {
  if (stats.kind === 'empty') return 'nothing in it';
  if (stats.kind === 'number') return `${formatNumber(stats.min!)} … ${formatNumber(stats.max!)}`;
  return `${count(stats.distinct, 'value')}${stats.distinctAtLeast ? '+' : ''}`;
}

function secondLine(stats: ColumnStats): string {
  const parts: string[] = [];
  if (stats.kind === 'number') parts.push(`mean ${formatNumber(Number(stats.mean!.toPrecision(4)))}`);
  if (stats.missing > 0 && stats.kind !== 'empty') parts.push(`${stats.missing} missing`);
  return parts.join(' · ');
}

function statsTitle(name: string, stats: ColumnStats, type: string | undefined): string {
  const lines = [name];
  if (type) lines.push(`type ${type}`);
  lines.push(`${count(stats.count, 'value')}, ${stats.missing} missing, ${stats.distinct}${stats.distinctAtLeast ? ' or more' : ''} different`);
  if (stats.kind === 'number') lines.push(`from ${stats.min} to ${stats.max}`, `mean ${stats.mean}, standard deviation ${stats.deviation}`);
  if (stats.top) lines.push(`most often: ${stats.top.value.slice(0, 200)} (${stats.top.count})`);
  return lines.join('\n');
}

function columnWidths({ header, rows }: Table, stats: readonly ColumnStats[]): number[] {
  return header.map((name, i) => {
    let longest = name.length;
    for (const row of rows.slice(0, 200)) longest = Math.max(longest, row[i]?.length ?? 0);
    const figures = Math.max(statsLine(stats[i]!).length, secondLine(stats[i]!).length);
    return Math.min(280, Math.max(64, longest * 8.2 + 24, figures * 6.6 + 24));
  });
}
