import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { Json } from '../api/types';
import { Person } from '../design/kit';
import { TimeAgo } from '../design/Time';
import { count, formatBytes, formatJson, formatNumber, toNumber } from '../format/numbers';
import style from './artifacts.module.css';
import { flattenJson } from './flattenJson';
import { changeOf, diffValues } from './manifestDiff';
import type { JudgedVersion } from './useVersionMetrics';
import type { JudgedMetric } from './versionMetrics';

/** Two versions beside each other: what they are, what they were measured at, what their metadata says. */
export function VersionComparison({ before, after, titles, onlyChanges = false }: {
  before: JudgedVersion; after: JudgedVersion; titles: readonly [ReactNode, ReactNode]; onlyChanges?: boolean;
}) {
  const metrics = useMemo(() => {
    const keys = [...new Set([...before.metrics.keys(), ...after.metrics.keys()])].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    return keys.map((key) => ({ key, before: before.metrics.get(key), after: after.metrics.get(key) }));
  }, [before.metrics, after.metrics]);
  const metadata = useMemo(
    () => diffValues(flattenJson(before.detail?.version.metadata ?? null), flattenJson(after.detail?.version.metadata ?? null)).filter(({ same }) => !onlyChanges || !same),
    [before.detail, after.detail, onlyChanges],
  );
  const [a, b] = [before.detail?.version, after.detail?.version];
  return (
    <table className={style.comparison}>
      <thead>
        <tr><th scope="col"><span className="quiet">What</span></th><th scope="col">{titles[0]}</th><th scope="col">{titles[1]}</th><th scope="col">Change</th></tr>
      </thead>
      <tbody>
        <Row name="Logged" before={a && <TimeAgo at={a.createdAt} />} after={b && <TimeAgo at={b.createdAt} />} />
        <Row name="Author" before={a && <Person name={a.author} />} after={b && <Person name={b.author} />} />
        <Row name="Content" before={a && `${count(a.fileCount, 'file')}, ${formatBytes(a.size)}`} after={b && `${count(b.fileCount, 'file')}, ${formatBytes(b.size)}`} change={a && b && a.digest === b.digest ? 'the same content' : ''} />
      </tbody>
      {metrics.length > 0 && (
        <tbody>
          <tr><th colSpan={4} scope="rowgroup" className={style.rowGroup}>Metrics</th></tr>
          {metrics.slice(0, 60).map(({ key, before: was, after: is }) => (
            <Row
              key={key} name={key} strong before={was && <Measured metric={was} />} after={is && <Measured metric={is} />}
              change={was && is ? changeOf(toNumber(was.value), toNumber(is.value)) ?? '' : ''}
            />
          ))}
        </tbody>
      )}
      {metadata.length > 0 && (
        <tbody>
          <tr><th colSpan={4} scope="rowgroup" className={style.rowGroup}>Metadata</th></tr>
          {metadata.map(({ key, before: was, after: is, same }) => (
            <Row key={key} name={key} before={was !== undefined && <Value value={was} />} after={is !== undefined && <Value value={is} />} change={same ? '' : changeOf(was, is) ?? 'changed'} />
          ))}
        </tbody>
      )}
    </table>
  );
}

function Row({ name, before, after, change = '', strong = false }: { name: string; before: ReactNode; after: ReactNode; change?: string; strong?: boolean }) {
  return (
    <tr className={strong ? style.strong : undefined}>
      <th scope="row" title={name}>{name}</th>
      <td>{before || <span className={style.none}>–</span>}</td>
      <td>{after || <span className={style.none}>–</span>}</td>
      <td className={style.change}>{change}</td>
    </tr>
  );
}

function Measured({ metric: { value, runId, runName } }: { metric: JudgedMetric }) {
  return <Link to="/runs/$runId" params={{ runId }} title={`${String(value)}, measured by ${runName}`}>{formatNumber(value)}</Link>;
}

function Value({ value }: { value: Json }) {
  const text = formatJson(value);
  return <code title={text}>{text.length > 60 ? `${text.slice(0, 60)}…` : text}</code>;
}
