import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { arriving } from '../arriving';
import type { Look } from '../charts/look';
import type { Json, RunDetail, WireNumber } from '../api/types';
import { Card, kit } from '../design/kit';
import { formatJson, formatNumber } from '../format/numbers';
import { exactTime } from '../format/time';
import style from './run.module.css';

// The first charts stand on the overview too; their code comes when a run has any.
const ChartGrid = lazy(arriving(() => import('../charts/ChartGrid'), (m) => ({ default: m.ChartGrid })));

const plain: Look = { x: 'step', logX: false, logY: false, smooth: 0, robust: false };

/** More would push what else there is out of sight. */
const shownAtOnce = 30;

interface Row {
  key: string;
  value: string;
  exact: string;
  hint: string;
}

/** Newest value of every metric, with the summary values that stand in for them or beside them. */
export function MetricTable({ detail }: { detail: RunDetail }) {
  const { run, metrics, summary } = detail;
  const rows = useMemo(() => metricRows(metrics, summary), [metrics, summary]);
  const [all, setAll] = useState(false);
  const shown = all || rows.length <= shownAtOnce + 6 ? rows : rows.slice(0, shownAtOnce);
  const lines = useMemo(() => metrics.filter((m) => m.step > 0), [metrics]);
  const firstKeys = useMemo(() => lines.slice(0, 4).map(({ key }) => key), [lines]);
  const scope = useMemo(() => ['run', run.id], [run.id]);
  const drawn = useMemo(() => [{ id: run.id, label: run.name, color: 'var(--chart-1)', startedAt: run.startedAt }], [run.id, run.name, run.startedAt]);
  if (rows.length === 0) {
    return (
      <Card title="Metrics" icon="chart" flush>
        <p className={style.nothing}>{run.status === 'running' ? 'Nothing logged yet. Metrics appear here as they come.' : 'This run logged no metrics.'}</p>
      </Card>
    );
  }
  return (
    <>
      <Card
        title="Metrics" icon="chart" flush
        more={<Link to="/runs/$runId/charts" params={{ runId: run.id }}>All charts</Link>}
      >
        <ul className={style.metrics}>
          {shown.map((row) => (
            <li key={row.key} title={row.hint}>
              <span title={row.key}>{row.key}</span>
              <strong title={row.exact}>{row.value}</strong>
            </li>
          ))}
        </ul>
        {shown.length < rows.length && <p className={style.nothing}><button type="button" className={kit.button} onClick={() => setAll(true)}>Show all {rows.length}</button></p>}
      </Card>
      {lines.length > 0 && (
        <Suspense fallback={<div className={style.chartSpace} />}>
          <div className={style.lines}><ChartGrid keys={firstKeys} flat scope={scope} runs={drawn} look={plain} onRange={() => undefined} /></div>
        </Suspense>
      )}
    </>
  );
}

function metricRows(metrics: RunDetail['metrics'], summary: Readonly<Record<string, Json>>): Row[] {
  const rows = new Map<string, Row>();
  for (const { key, value, step, time } of metrics) {
    rows.set(key, { key, value: formatNumber(value), exact: String(value), hint: `${key} at step ${step}, ${exactTime(time)}` });
  }
  for (const [key, value] of Object.entries(summary)) {
    rows.set(key, { key, value: isNumber(value) ? formatNumber(value) : formatJson(value), exact: formatJson(value), hint: `${key}, set as summary` });
  }
  return [...rows.values()].sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
}

function isNumber(value: Json): value is WireNumber {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}
