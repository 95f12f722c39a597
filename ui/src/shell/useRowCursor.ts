import { useState } from 'react';
import { useKeys } from './keys';

/** The row that `j` and `k` walk to and Enter opens; −1 before the first key. */
export function useRowCursor(rows: number, open: (row: number) => void, reveal?: (row: number) => void): number {
  return useMovableCursor(rows, open, reveal).cursor;
}

/**
 * The row that `j` and `k` walk to and Enter opens; −1 before the first key. Rows are shown by the caller, which is
 * told to bring the row into view.
 */
export function useMovableCursor(rows: number, open: (row: number) => void, reveal?: (row: number) => void): { cursor: number; move: (to: number) => void } {
  const [cursor, setCursor] = useState(-1);
  const at = Math.min(cursor, rows - 1);
  const move = (to: number) => {
    if (rows === 0) return;
    const next = Math.max(0, Math.min(rows - 1, to));
    setCursor(next);
    reveal?.(next);
  };
  useKeys({
    j: () => move(at + 1),
    k: () => move(at - 1),
    Enter: (event) => {
      // Enter on a focused link, button or box is that element's own.
      const target = event.target as HTMLElement;
      if (at < 0 || target.closest('a, button, summary, input')) return;
      event.preventDefault();
      open(at);
    },
  });
  return { cursor: at, move };
}
