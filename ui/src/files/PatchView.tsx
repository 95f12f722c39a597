import { useMemo } from 'react';
import { count } from '../format/numbers';
import style from './diff.module.css';
import { parsePatch } from './patch';

const mostLines = 3_000;

/** What was changed and not committed when the run began. */
export function PatchView({ text }: { text: string }) {
  const files = useMemo(() => parsePatch(text), [text]);
  return (
    <div className={style.patch}>
      <p className={style.summary}>{count(files.length, 'file')} changed</p>
      {files.map((file, i) => (
        <details key={i} open={files.length <= 12 && file.lines.length <= mostLines}>
          <summary title={file.name}><span className={style.fileName}>{file.name || 'patch'}</span> <span className={style.plus}>+{file.added}</span> <span className={style.minus}>−{file.removed}</span></summary>
          <div className={style.diff} role="region" aria-label={`Changes of ${file.name}`} tabIndex={0}>
            {file.lines.slice(0, mostLines).map((line, n) => (
              <div key={n} className={style[line.kind]}>
                <span className={style.sign}>{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ''}</span>
                <code>{line.text}</code>
              </div>
            ))}
            {file.lines.length > mostLines && <p className={style.gap}>and {file.lines.length - mostLines} more lines</p>}
          </div>
        </details>
      ))}
    </div>
  );
}
