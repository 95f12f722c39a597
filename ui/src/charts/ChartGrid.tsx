import { useMemo } from 'react';
import type { MetricInfo } from '../api/types';
import style from './charts.module.css';
import { MetricChart, type MetricChartProps } from './MetricChart';

/** So few charts need no headings. */
const few = 6;

/** Charts in sections by the part of their name before the first slash ("train/loss" → "train"). */
export function ChartGrid({ metrics, flat = false, ...chart }: {
  metrics: readonly MetricInfo[]; flat?: boolean;
} & Omit<MetricChartProps, 'metric'>) {
  const sections = useMemo<[string, string[]][]>(
    () => (flat || metrics.length <= few ? [['', metrics.map(({ key }) => key)]] : sectionsOf(metrics)), [metrics, flat],
  );
  return sections.map(([section, keys]) => (
    <section key={section} className={style.section} aria-label={section || 'Charts'}>
      {sections.length > 1 && <h2>{section || 'Other'}</h2>}
      <div className={style.grid}>
        {keys.map((key) => <MetricChart key={key} metric={key} {...chart} />)}
      </div>
    </section>
  ));
}

function sectionsOf(metrics: readonly MetricInfo[]): [string, string[]][] {
  const sections = new Map<string, string[]>();
  for (const { key } of metrics) {
    const slash = key.indexOf('/');
    const name = slash < 0 ? '' : key.slice(0, slash);
    const keys = sections.get(name);
    if (keys) keys.push(key);
    else sections.set(name, [key]);
  }
  return [...sections];
}
