import { type ReactNode, useMemo, useState } from 'react';
import type { Json } from '../api/types';
import { Card, CopyButton } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import { formatJson } from '../format/numbers';
import { paramTree } from './paramTree';
import style from './run.module.css';

/** The run's configuration, nested as its dotted keys say. */
export function ParamTree({ params, title = 'Parameters', more }: { params: Readonly<Record<string, Json>>; title?: string; more?: ReactNode }) {
  const [q, setQ] = useState('');
  const total = Object.keys(params).length;
  const rows = useMemo(() => {
    const wanted = q.toLowerCase();
    const hits = Object.entries(params).filter(([key, value]) => wanted === '' || key.toLowerCase().includes(wanted) || formatJson(value).toLowerCase().includes(wanted));
    return paramTree(Object.fromEntries(hits));
  }, [params, q]);
  return (
    <Card title={title} icon="columns" more={<>{more}{total}</>} flush>
      {total === 0 ? <p className={style.nothing}>This run has no parameters.</p> : (
        <>
          {total > 12 && <div className={style.find}><SearchBox value={q} onChange={setQ} placeholder="Find a parameter" label="Find a parameter" /></div>}
          <table className={style.params}>
            <tbody>
              {rows.map((row) => {
                const text = 'value' in row ? formatJson(row.value) : '';
                return (
                  <tr key={row.key}>
                    <th scope="row" title={row.key} style={{ paddingLeft: 14 + row.depth * 16 }} className={'value' in row ? undefined : style.group}>{row.name}</th>
                    <td title={text}>{'value' in row && <Value value={row.value ?? null} text={text} />}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </>
      )}
    </Card>
  );
}

function Value({ value, text }: { value: Json; text: string }) {
  return (
    <span className={style.value}>
      <code className={typeof value === 'string' ? undefined : style.typed}>{text === '' ? '""' : text}</code>
      {text.length > 40 && <CopyButton text={text} what="value" />}
    </span>
  );
}
