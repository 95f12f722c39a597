import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { SearchBox } from '../design/SearchBox';
import { kit } from '../design/kit';
import { count } from '../format/numbers';
import { clockTime, exactTime } from '../format/time';
import { stripAnsi } from './ansi';
import type { LogStore } from './LogStore';
import { LogText } from './LogText';
import style from './logs.module.css';
import { useLogSearch } from './useLogSearch';

const lineHeight = 20;

export interface LogViewProps {
  store: LogStore;
  live: boolean;
  query: string;
  onQuery: (query: string) => void;
  /** The line named in the address. */
  line: number | undefined;
  onLine: (line: number | undefined) => void;
}

export function LogView({ store, live, query, onQuery, line, onLine }: LogViewProps) {
  const { total, revision, error } = useSyncExternalStore(store.subscribe, store.snapshot);
  const scroller = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(live && line === undefined);
  const [wrap, setWrap] = useState(false);
  const virtual = useVirtualizer({
    count: total, getScrollElement: () => scroller.current, estimateSize: () => lineHeight, overscan: 30,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const search = useLogSearch(store, query, line);

  useEffect(() => void store.ensure(first, last), [store, first, last, total]);
  useEffect(() => {
    if (follow && total > 0) virtual.scrollToIndex(total - 1, { align: 'end' });
  }, [follow, total, virtual]);
  useEffect(() => {
    if (line !== undefined) virtual.scrollToIndex(line, { align: 'center' });
  }, [line, virtual]);

  const jump = (direction: 1 | -1) => {
    const to = search.next(direction);
    if (to === undefined) return;
    setFollow(false);
    onLine(to);
  };
  return (
    <>
      <div className={style.toolbar}>
        <SearchBox
          value={query} onChange={onQuery} placeholder="Search the log" label="Search the log"
          onKeyDown={(event) => {
            if (event.key === 'Enter') jump(event.shiftKey ? -1 : 1);
          }}
        />
        {query !== '' && (
          <span className={style.matches} role="status">
            {search.position} {search.done < 1 && `(${Math.round(search.done * 100)} % read)`}
            <button type="button" className={kit.bare} onClick={() => jump(-1)} title="Previous match (Shift Enter)"><Icon name="up" size={13} label="Previous match" /></button>
            <button type="button" className={kit.bare} onClick={() => jump(1)} title="Next match (Enter)"><Icon name="down" size={13} label="Next match" /></button>
          </span>
        )}
        <span className={style.space} />
        <span className={style.total}>{count(total, 'line')}</span>
        <button type="button" className={kit.button} aria-pressed={wrap} onClick={() => setWrap(!wrap)}>Wrap</button>
        <button type="button" className={kit.button} aria-pressed={follow} onClick={() => setFollow(!follow)} title="Stay at the newest line">
          <Icon name="down" size={13} /> {live ? 'Follow' : 'End'}
        </button>
      </div>
      {error && <ErrorPanel error={error} onRetry={() => void store.ensure(first, last)} />}
      <div
        ref={scroller} className={`${style.log} ${wrap ? style.wrap : ''}`} tabIndex={0} role="log" aria-label="Console output" aria-live="off"
        onWheel={(event) => {
          if (event.deltaY < 0) setFollow(false);
        }}
        onTouchMove={() => setFollow(false)}
        onKeyDown={(event) => {
          if (['ArrowUp', 'PageUp', 'Home'].includes(event.key)) setFollow(false);
        }}
      >
        <div className={style.lines} style={{ height: virtual.getTotalSize() }} data-revision={revision}>
          <div className={style.shift} style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map((item) => {
              const log = store.line(item.index);
              return (
                <div
                  key={item.index} ref={wrap ? virtual.measureElement : undefined} data-index={item.index}
                  className={`${style.line} ${log?.stream === 'stderr' ? style.stderr : ''} ${item.index === line ? style.here : ''}`}
                >
                  <button
                    type="button" className={style.number} onClick={() => onLine(item.index === line ? undefined : item.index)}
                    title={log ? `${exactTime(log.time)} · ${log.stream} · click to link to this line` : undefined} tabIndex={-1}
                  >
                    {item.index + 1}
                  </button>
                  {log && <time className={style.time} aria-hidden="true">{clockTime(log.time)}</time>}
                  <code title={log && !wrap && log.text.length > 160 ? stripAnsi(log.text) : undefined}>
                    {log === undefined ? '…' : log && <LogText text={log.text} mark={query.toLowerCase()} />}
                  </code>
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </>
  );
}
