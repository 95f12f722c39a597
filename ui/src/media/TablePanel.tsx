import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { readFileHead, urls } from '../api/client';
import { Segments } from '../design/kit';
import { TableView } from '../files/TableView';
import { formatJson } from '../format/numbers';
import type { BoardRun } from './MediaBoard';
import { readIds, writeIds } from '../search';
import { parseLoggedTable, plotOf } from './loggedTable';
import style from './media.module.css';
import type { MediaSearch } from './mediaSearch';
import { PlotView } from './PlotView';
import { frameAt, type Shown } from './shown';

const readAtMost = 8 * 1024 * 1024;
const runsAtOnce = 8;

/** A logged table: as the plot it stands for, where its columns say so, and as rows. */
export function TablePanel({ shown, runs, step, search, onChange }: {
  shown: Shown; runs: readonly BoardRun[]; step: number | undefined; search: MediaSearch; onChange: (part: MediaSearch) => void;
}) {
  const having = runs.filter(({ id }) => shown.frames.has(id)).slice(0, runsAtOnce);
  const results = useQueries({
    queries: having.map(({ id }) => {
      const { path } = frameAt(shown.frames.get(id)!, step)!;
      return {
        queryKey: ['run', id, 'table', path], staleTime: Infinity,
        queryFn: async ({ signal }: { signal: AbortSignal }) => parseLoggedTable(new TextDecoder().decode((await readFileHead(urls.runFile(id, path), Number.MAX_SAFE_INTEGER, readAtMost, signal)).bytes)),
      };
    }),
  });
  const asRows = readIds(search.rows);
  const view = asRows.includes(shown.key) ? 'rows' : 'plot';
  const setView = (next: 'plot' | 'rows') => onChange({ rows: writeIds([...asRows.filter((key) => key !== shown.key), ...(next === 'rows' ? [shown.key] : [])]) || undefined });
  const tables = having.map((run, i) => ({ run, table: results[i]!.data }));
  const plots = tables.flatMap(({ run, table }) => {
    const plot = table ? plotOf(table) : null;
    return plot ? [{ ...run, plot }] : [];
  });
  const current = tables.find(({ run }) => run.id === search.of) ?? tables[0];
  const rows = useMemo(() => current?.table && { header: current.table.columns, rows: current.table.data.map((row) => row.map((cell) => (cell === null ? '' : formatJson(cell)))) }, [current?.table]);
  const error = results.find((one) => one.error)?.error;
  if (error) return <p className={style.quiet}>{error.message}</p>;
  if (results.some((one) => one.isPending)) return <p className={style.quiet}>Loading…</p>;
  return (
    <>
      {plots.length > 0 && <Segments label={`${shown.key} as`} value={view} options={[['plot', 'Plot'], ['rows', 'Rows']]} onChange={setView} />}
      {plots.length > 0 && view === 'plot' ? <div className={style.plots}><PlotView plots={plots} name={shown.key} /></div> : (
        <>
          {tables.length > 1 && (
            <label className={style.choice}>Run <select value={current?.run.id} onChange={(event) => onChange({ of: event.target.value })}>{tables.map(({ run }) => <option key={run.id} value={run.id}>{run.label}</option>)}</select></label>
          )}
          {rows ? <TableView table={rows} truncated={false} /> : <p className={style.quiet}>The table cannot be read here: it is too large, or of another form.</p>}
        </>
      )}
    </>
  );
}
