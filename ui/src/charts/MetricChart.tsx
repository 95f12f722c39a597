import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Icon } from '../design/Icon';
import { formatNumber } from '../format/numbers';
import { exactTime } from '../format/time';
import style from './charts.module.css';
import { LineChart, xLabel } from './LineChart';
import { mergeSeries, stepsWithin, type XAxis } from './mergeSeries';
import { bucketsFor, type Range, seriesQuery } from './seriesQuery';
import { useSeen } from './useSeen';

export interface MetricChartProps {
  runId: string;
  startedAt: number;
  metric: string;
  x: XAxis;
  log: boolean;
  range: Range;
  onRange: (range: Range) => void;
}

const height = 190;

/** One metric as a line. It is fetched when it first comes into view. */
export function MetricChart(props: MetricChartProps) {
  const [seen, place] = useSeen<HTMLElement>();
  return (
    <section className={style.card} ref={place} aria-label={props.metric}>
      {seen ? <Chart {...props} /> : <h3 className={style.title}>{props.metric}</h3>}
    </section>
  );
}

function Chart({ runId, startedAt, metric, x, log, range, onRange }: MetricChartProps) {
  const [width, setWidth] = useState(400);
  const [point, setPoint] = useState<number | null>(null);
  const { data: series, error, isPlaceholderData } = useQuery(seriesQuery(runId, metric, range, bucketsFor(width)));
  const options = useMemo(() => ({ x, startedAt, log }), [x, startedAt, log]);
  const data = useMemo(() => mergeSeries(series ? [series] : [], options), [series, options]);

  const index = point ?? data.x.length - 1;
  const value = series?.values[index];
  const zoomed = range.from !== undefined || range.to !== undefined;
  const view = x === 'step' && range.from !== undefined && range.to !== undefined ? ([range.from, range.to] as const) : null;
  return (
    <>
      <header className={style.head}>
        <h3 className={style.title} title={metric}>{metric}</h3>
        {series && series.count > 0 && (
          <span className={style.readout} title={exactPoint(series.steps[index], series.times[index])}>
            {point !== null && data.x[index] !== undefined && <span className={style.where}>{x === 'step' ? 'step ' : ''}{xLabel(data.x[index], x)}</span>}
            <strong>{value === undefined ? '' : formatNumber(value)}</strong>
          </span>
        )}
      </header>
      {error ? <p className={style.note}>{error.message}</p> : (
        <LineChart
          data={data} labels={[metric]} x={x} log={log} height={height} view={view} onPoint={setPoint} onWidth={setWidth}
          onZoom={(min, max) => {
            const steps = stepsWithin(series ? [series] : [], options, min, max);
            if (steps) onRange(steps);
          }}
          onReset={() => onRange({})}
        />
      )}
      <footer className={style.foot}>
        {series && <span>{describe(series.count, zoomed)}{isPlaceholderData ? ' …' : ''}</span>}
        {data.notFinite > 0 && <span className={style.warn} title="Points that are NaN or infinite are gaps in the line"><Icon name="warning" size={11} /> {data.notFinite} not finite</span>}
      </footer>
    </>
  );
}

function describe(count: number, zoomed: boolean): string {
  if (count === 0) return zoomed ? 'no points in this range' : 'no points yet';
  return `${formatNumber(count)} ${count === 1 ? 'point' : 'points'}${zoomed ? ' in this range' : ''}`;
}

function exactPoint(step: number | undefined, time: number | undefined): string | undefined {
  return step === undefined || time === undefined ? undefined : `step ${step}, ${exactTime(time)}`;
}
