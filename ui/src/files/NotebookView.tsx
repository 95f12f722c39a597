import { useEffect, useMemo, useState } from 'react';
import { LogText } from '../logs/LogText';
import style from './document.module.css';
import { type DocumentPlace, Markdown } from './Markdown';
import { type CellOutput, fromBase64, type Notebook } from './notebook';

/** A notebook to read: its words, its code and what the code printed and drew. Nothing of it runs. */
export function NotebookView({ notebook, place }: { notebook: Notebook; place: DocumentPlace }) {
  return (
    <div className={style.notebook}>
      {notebook.cells.map((cell, i) => {
        if (cell.kind === 'markdown') return <Markdown key={i} text={cell.source} place={place} />;
        return (
          <div key={i}>
            <div className={style.cell}>
              <span className={style.prompt}>{cell.kind === 'code' ? `In [${cell.count ?? ' '}]` : ''}</span>
              <pre className={style.code} tabIndex={0}><code>{cell.source}</code></pre>
            </div>
            {cell.outputs.map((output, n) => (
              <div key={n} className={style.cell}>
                <span className={style.prompt}>{n === 0 ? 'Out' : ''}</span>
                <Output output={output} />
              </div>
            ))}
          </div>
        );
      })}
    </div>
  );
}

function Output({ output }: { output: CellOutput }) {
  if (output.kind === 'picture') return <Picture type={output.type} base64={output.base64} />;
  if (output.kind === 'unshown') return <p className={style.output}>Output of a kind that is not shown here ({output.types.join(', ')}).</p>;
  return (
    <div className={`${style.output} ${output.kind === 'error' ? style.wrong : ''}`} tabIndex={0}>
      {output.text.split('\n').map((line, i, all) => <span key={i}><LogText text={line} mark="" />{i < all.length - 1 && '\n'}</span>)}
    </div>
  );
}

/** The pages' policy knows no data: addresses, so the bytes become a blob of this page. */
function Picture({ type, base64 }: { type: string; base64: string }) {
  const bytes = useMemo(() => fromBase64(base64), [base64]);
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!bytes) return;
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  if (!bytes) return <p className={style.output}>A picture that cannot be read.</p>;
  return url ? <div><img src={url} alt="Output of the cell" /></div> : null;
}
