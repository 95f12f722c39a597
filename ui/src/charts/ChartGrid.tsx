import { useMemo } from 'react';
import { Icon } from '../design/Icon';
import { isSystemKey } from '../run/systemSeries';
import style from './charts.module.css';
import { MetricChart, type MetricChartProps } from './MetricChart';

/** So few charts need no headings. */
const few = 6;

export interface ChartGridProps extends Omit<MetricChartProps, 'metric' | 'isLarge' | 'onLarge'> {
  keys: readonly string[];
  flat?: boolean;
  /** Sections that are folded, and how to fold one; without it they cannot be. */
  closed?: ReadonlySet<string>;
  onToggle?: (section: string) => void;
  /** The chart that is drawn large. */
  large?: string | undefined;
  onLarge?: (metric: string) => void;
}

/** Charts in sections by the part of their name before the first slash ("train/loss" → "train"). */
export function ChartGrid({ keys, flat = false, closed, onToggle, large, onLarge, ...chart }: ChartGridProps) {
  const sections = useMemo<[string, readonly string[]][]>(
    () => (flat || (keys.length <= few && !onToggle) ? [['', keys]] : sectionsOf(keys)), [keys, flat, onToggle],
  );
  return sections.map(([section, inside]) => {
    const isClosed = closed?.has(section) ?? false;
    const name = section || 'Metrics';
    return (
      <section key={section} className={style.section} aria-label={name}>
        {(sections.length > 1 || onToggle) && (onToggle ? (
          <h2>
            <button type="button" className={style.fold} aria-expanded={!isClosed} onClick={() => onToggle(section)}>
              <Icon name={isClosed ? 'right' : 'down'} size={12} /> <b title={name}>{name}</b> <span>{inside.length}</span>
            </button>
          </h2>
        ) : <h2>{name}</h2>)}
        {!isClosed && (
          <div className={style.grid}>
            {inside.map((key) => <MetricChart key={key} metric={key} isLarge={key === large} onLarge={onLarge} {...chart} />)}
          </div>
        )}
      </section>
    );
  });
}

/** What the run measured before what its machine did. */
function sectionsOf(keys: readonly string[]): [string, string[]][] {
  const sections = new Map<string, string[]>();
  for (const key of [...keys].sort((a, b) => Number(isSystemKey(a)) - Number(isSystemKey(b)))) {
    const slash = key.indexOf('/');
    const name = isSystemKey(key) ? 'system' : slash < 0 ? '' : key.slice(0, slash);
    const inside = sections.get(name);
    if (inside) inside.push(key);
    else sections.set(name, [key]);
  }
  return [...sections];
}
