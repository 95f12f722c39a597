import { useQueries } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { queries } from '../api/queries';
import type { RunDetail } from '../api/types';
import { ChartGrid } from '../charts/ChartGrid';
import { setHotRun } from '../charts/hotRun';
import { ChartsBar } from '../charts/ChartsBar';
import { toLook } from '../charts/look';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { LongName } from '../design/LongName';
import { Bones, Empty, kit, Segments } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import { StatusIcon } from '../design/Status';
import { count } from '../format/numbers';
import { MediaBoard } from '../media/MediaBoard';
import { useRunColors } from '../runs/selection';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import style from './compare.module.css';
import { type CompareSearch, mostCompared, runsOf } from './compareSearch';
import { type FactRow, metricRows, orderBy, paramRows, runRows, sourceFile, sources, tagRows } from './facts';
import { type Column, FactTable } from './FactTable';
import { TextDiff } from './TextDiff';

export const Route = createLazyRoute('/compare')({ component: ComparePage });

const page = getRouteApi('/compare');

function ComparePage() {
  const search = page.useSearch();
  const navigate = page.useNavigate();
  const all = useMemo(() => runsOf(search.runs), [search.runs]);
  const ids = useMemo(() => all.slice(0, mostCompared), [all]);
  useTitle('Compare runs');
  const details = useQueries({
    queries: ids.map((id) => queries.run(id)),
    combine: (all) => ({ found: all.flatMap(({ data }) => (data ? [data] : [])), isPending: all.some((one) => one.isPending), errors: all.flatMap((one, i) => (one.error ? [{ id: ids[i]!, error: one.error }] : [])) }),
  });
  const change = useCallback((part: Partial<CompareSearch>) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false }), [navigate]);
  const remove = (id: string) => change({ runs: all.filter((one) => one !== id).join(',') || undefined });
  const experiment = details.found[0]?.run;
  const title = `Compare ${count(details.found.length || ids.length, 'run')}`;
  return (
    <>
      <PageHead
        crumbs={[<Link key="home" to="/">Experiments</Link>, ...(experiment ? [<Link key="e" to="/experiments/$experimentId" params={{ experimentId: experiment.experimentId }}>{experiment.experimentName}</Link>] : [])]}
        title={title}
      />
      {all.length > ids.length && experiment && (
        <p className={style.cut} role="status">
          These are the first {ids.length} of {all.length} chosen runs. <Link to="/experiments/$experimentId/charts" params={{ experimentId: experiment.experimentId }} search={{ sel: all.join(',') }}>Charts of all {all.length}</Link>
        </p>
      )}
      {details.errors.map(({ id, error }) => (
        <div key={id} className={style.bar}><ErrorPanel error={error} /><button type="button" className={kit.button} onClick={() => remove(id)}>Leave it out</button></div>
      ))}
      {ids.length === 0 && (
        <Empty icon="columns" title="No runs to compare">
          <p>Choose runs in the table of an experiment with <kbd>x</kbd>, and compare them with <kbd>c</kbd>.</p>
          <Link to="/" className={kit.button}>Open an experiment</Link>
        </Empty>
      )}
      {ids.length > 0 && details.isPending && <Bones lines={10} />}
      {!details.isPending && details.found.length > 0 && <Comparison runs={details.found} search={search} change={change} onRemove={remove} />}
    </>
  );
}

function Comparison({ runs, search, change, onRemove }: {
  runs: readonly RunDetail[]; search: CompareSearch; change: (part: Partial<CompareSearch>) => void; onRemove: (id: string) => void;
}) {
  const view = search.view ?? 'values';
  const onlyDiffering = search.all !== 'yes' && runs.length > 1;
  const base = Math.max(0, runs.findIndex(({ run }) => run.id === search.base));
  const colors = useRunColors(useMemo(() => runs.map(({ run }) => run.id), [runs]));
  const columns = runs.map(({ run }): Column => ({
    id: run.id, label: run.name, color: colors.get(run.id)!,
    head: (
      <span className={style.head}>
        <i style={{ background: colors.get(run.id) }} />
        <StatusIcon status={run.status} size={13} />
        <Link to="/runs/$runId" params={{ runId: run.id }} title={run.name} aria-label={run.name}><LongName name={run.name} /></Link>
        <button type="button" className={kit.bare} title="Take the run out of the comparison" onClick={() => onRemove(run.id)}><Icon name="cross" size={12} label={`Take ${run.name} out`} /></button>
      </span>
    ),
  }));
  const q = (search.q ?? '').toLowerCase();
  const sections = useMemo(() => {
    const part = (title: string, rows: readonly FactRow[]) => {
      const wanted = rows.filter(({ key }) => key.toLowerCase().includes(q));
      const shown = onlyDiffering ? wanted.filter(({ differs }) => differs) : wanted;
      return { title, rows: shown, hidden: wanted.length - shown.length };
    };
    return [part('Parameters', paramRows(runs)), part('Metrics', metricRows(runs)), part('Run and source', runRows(runs)), part('Tags', tagRows(runs))];
  }, [runs, onlyDiffering, q]);
  // Against the same run as before, wherever it stands then.
  const order = (row: FactRow) => {
    const ordered = orderBy(row).map((i) => runs[i]!.run.id);
    change({ runs: [...new Set([...ordered, ...runsOf(search.runs)])].join(','), base: runs[base]!.run.id });
  };
  return (
    <>
      <div className={style.bar}>
        <Segments
          label="What is compared" value={view} options={[['values', 'Values'], ['charts', 'Charts'], ['code', 'Code and packages']]}
          onChange={(next) => change({ view: next === 'values' ? undefined : next })}
        />
        {view !== 'charts' && runs.length > 1 && (
          <label title="What the other runs are held against">
            Against
            <select value={runs[base]!.run.id} onChange={(event) => change({ base: event.target.value })}>
              {runs.map(({ run }) => <option key={run.id} value={run.id}>{run.name}</option>)}
            </select>
          </label>
        )}
        {view === 'values' && (
          <SearchBox value={search.q ?? ''} onChange={(text) => change({ q: text || undefined })} placeholder="Find a value" label="Search parameters, metrics and facts" />
        )}
        {view === 'values' && runs.length > 1 && (
          <label><input type="checkbox" checked={onlyDiffering} onChange={(event) => change({ all: event.target.checked ? undefined : 'yes' })} /> Only what differs</label>
        )}
      </div>
      {view === 'values' && <FactTable columns={columns} sections={sections} base={base} onOrder={order} />}
      {view === 'charts' && <Charts runs={runs} colors={colors} search={search} change={change} />}
      {view === 'code' && <Code runs={runs} base={base} />}
    </>
  );
}

function Charts({ runs, colors, search, change }: {
  runs: readonly RunDetail[]; colors: ReadonlyMap<string, string>; search: CompareSearch; change: (part: Partial<CompareSearch>) => void;
}) {
  const metrics = useMemo(() => [...new Set(runs.flatMap((one) => one.metrics.map(({ key }) => key)))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })), [runs]);
  const drawn = useMemo(() => runs.map(({ run }) => ({ id: run.id, label: run.name, color: colors.get(run.id)!, startedAt: run.startedAt })), [runs, colors]);
  const board = useMemo(() => runs.map(({ run, tags }) => ({ id: run.id, label: run.name, color: colors.get(run.id)!, tags })), [runs, colors]);
  const scope = useMemo(() => ['compare'], []);
  const { q = '' } = search;
  const shown = metrics.filter((key) => key.toLowerCase().includes(q.toLowerCase()));
  return (
    <>
      <ul className={style.legend} aria-label="Runs in the charts">
        {drawn.map(({ id, label, color }) => (
          <li key={id} onPointerEnter={() => setHotRun(id)} onPointerLeave={() => setHotRun(null)}>
            <i style={{ background: color }} /><Link to="/runs/$runId" params={{ runId: id }} title={label} aria-label={label}><LongName name={label} /></Link>
          </li>
        ))}
      </ul>
      <ChartsBar search={search} metrics={metrics} onChange={change} />
      {metrics.length === 0 && <Empty icon="chart" title="None of these runs has logged a metric" />}
      {metrics.length > 0 && shown.length === 0 && <Empty icon="search" title={`No metric's name contains “${q}”`} />}
      <ChartGrid
        keys={shown} scope={scope} runs={drawn} look={toLook(search)} onRange={({ from, to }) => change({ from, to })}
        large={search.large} onLarge={(key) => change({ large: key === search.large ? undefined : key })}
      />
      <MediaBoard scope={scope} runs={board} search={search} q={q} onChange={change} />
    </>
  );
}

/** Code and packages of every run against those of one. */
function Code({ runs, base }: { runs: readonly RunDetail[]; base: number }) {
  const files = useQueries({ queries: runs.map(({ run }) => queries.files(run.id)) });
  if (files.some((one) => one.isPending)) return <Bones lines={6} />;
  const first = runs[base]!.run;
  const others = runs.map(({ run }, i) => ({ run, i })).filter(({ i }) => i !== base);
  const facts = runRows(runs).filter(({ key }) => ['Project', 'Entry point', 'Repository', 'Branch', 'Commit', 'Environment'].includes(key));
  const columns = runs.map(({ run }): Column => ({ id: run.id, label: run.name, color: '', head: <span className={style.head}><Link to="/runs/$runId" params={{ runId: run.id }} title={run.name} aria-label={run.name}><LongName name={run.name} /></Link></span> }));
  return (
    <>
      {facts.length > 0 && <FactTable columns={columns} sections={[{ title: 'Source', rows: facts, hidden: 0 }]} base={base} />}
      <div className={style.below}>
        {others.length === 0 && <p className={style.quiet}>One run has nothing to be compared with.</p>}
        {others.flatMap(({ run, i }) => sources.map(({ title, what, paths }) => {
          const [before, after] = [sourceFile(files[base]!.data?.files ?? [], paths), sourceFile(files[i]!.data?.files ?? [], paths)];
          return (
            <TextDiff
              key={`${run.id} ${title}`} title={title} what={what}
              before={{ runId: first.id, label: first.name, file: before }} after={{ runId: run.id, label: run.name, file: after }}
            />
          );
        }))}
      </div>
    </>
  );
}

