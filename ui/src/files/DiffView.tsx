import { useMemo, useState } from 'react';
import { kit } from '../design/kit';
import style from './diff.module.css';
import { lineDiff, withContext } from './lineDiff';

/** Two texts, with what changed between them. */
export function DiffView({ before, after, label }: { before: string; after: string; label: string }) {
  const [whole, setWhole] = useState(false);
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  const shown = useMemo(() => (whole ? lines : withContext(lines)), [lines, whole]);
  const added = lines.filter(({ kind }) => kind === 'added').length;
  const removed = lines.filter(({ kind }) => kind === 'removed').length;
  const most = 4_000;
  return (
    <div>
      <p className={style.summary}>
        <span className={style.plus}>+{added}</span> <span className={style.minus}>−{removed}</span> lines
        {(whole || shown.includes(null)) && <button type="button" className={kit.button} aria-pressed={whole} onClick={() => setWhole(!whole)}>Whole file</button>}
      </p>
      <div className={style.diff} role="region" aria-label={label} tabIndex={0}>
        {shown.slice(0, most).map((line, i) => (line === null ? <div key={i} className={style.gap}>⋯</div> : (
          <div key={i} className={style[line.kind]}>
            <span className={style.number}>{line.before ?? ''}</span>
            <span className={style.number}>{line.after ?? ''}</span>
            <span className={style.sign}>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ''}</span>
            <code>{line.text}</code>
          </div>
        )))}
        {shown.length > most && <p className={style.gap}>and {shown.length - most} more lines</p>}
      </div>
    </div>
  );
}
