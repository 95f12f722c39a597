import { useEffect, useState } from 'react';
import { count } from '../format/numbers';
import { stripAnsi } from './ansi';
import type { LogStore } from './LogStore';

export interface LogSearch {
  /** "3 of 12 matches". */
  position: string;
  /** Part of the log that was read, 0 to 1. */
  done: number;
  next: (direction: 1 | -1) => number | undefined;
}

/** Finds the lines that hold the words, in the whole log and not only in what is on the screen. */
export function useLogSearch(store: LogStore, query: string, line: number | undefined): LogSearch {
  const [found, setFound] = useState<{ lines: number[]; done: number }>({ lines: [], done: 1 });
  const wanted = query.trim().toLowerCase();

  useEffect(() => {
    setFound({ lines: [], done: wanted === '' ? 1 : 0 });
    if (wanted === '') return;
    const abort = new AbortController();
    // Not with every letter: reading a long log is work.
    const timer = setTimeout(() => {
      void store.search(
        (text) => stripAnsi(text).toLowerCase().includes(wanted),
        (lines, done) => {
          if (!abort.signal.aborted) setFound((before) => ({ lines: [...before.lines, ...lines], done }));
        },
        abort.signal,
      );
    }, 200);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [store, wanted]);

  const { lines, done } = found;
  const at = line === undefined ? -1 : lines.indexOf(line);
  return {
    done,
    position: at >= 0 ? `${at + 1} of ${count(lines.length, 'match', 'matches')}` : count(lines.length, 'match', 'matches'),
    next: (direction) => {
      if (lines.length === 0) return undefined;
      if (at >= 0) return lines[(at + direction + lines.length) % lines.length];
      const from = line ?? -1;
      return direction === 1 ? lines.find((n) => n > from) ?? lines[0] : lines.findLast((n) => n < from) ?? lines.at(-1);
    },
  };
}
