import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { Json } from '../api/types';
import { Icon } from '../design/Icon';
import style from './files.module.css';
import { firstClosed, jsonRows } from './jsonRows';

/** A JSON value as a tree whose parts open and close. */
export function JsonTree({ value }: { value: Json }) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => firstClosed(value));
  const rows = useMemo(() => jsonRows(value, closed), [value, closed]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 24, overscan: 30 });
  const toggle = (path: string) => setClosed((before) => {
    const after = new Set(before);
    if (!after.delete(path)) after.add(path);
    return after;
  });
  return (
    <div ref={scroller} className={style.json} tabIndex={0} role="region" aria-label="Content of the file">
      <ul style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]!;
          const folds = (row.kind === 'list' || row.kind === 'object') && row.text !== '[ 0 ]' && row.text !== '{ 0 }';
          return (
            <li key={row.path} style={{ transform: `translateY(${item.start}px)`, paddingLeft: 10 + row.depth * 18 }}>
              {folds ? (
                <button type="button" onClick={() => toggle(row.path)} aria-expanded={row.open} aria-label={`${row.name ?? 'everything'} ${row.text}`}>
                  <Icon name={row.open ? 'down' : 'right'} size={10} />
                </button>
              ) : <span className={style.noFold} />}
              {row.name !== null && <span className={style.jsonName}>{row.name}</span>}
              <span className={style[row.kind]} title={row.text.length > 80 ? row.text : undefined}>{row.text}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
