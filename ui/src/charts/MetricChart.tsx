import { useLayoutEffect, useMemo, useState } from 'react';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { count, formatNumber } from '../format/numbers';
import { BarChart, fitBars } from './BarChart';
import { axisName, xLabel } from './axes';
import { barsOf } from './bars';
import { type CardSize, chartHeights, rowsOf } from './cardSize';
import style from './charts.module.css';
import { LineChart } from './LineChart';
import { countUnseen, isMetricAxis, type Line, nearest } from './lines';
import { isRange, type Look } from './look';
import { usual } from './seriesQuery';
import { type ChartRun, type Grouping, useLines } from './useLines';
import { useSeen } from './useSeen';

export interface MetricChartProps {
  /** Leads the keys under which the answers are kept. */
  scope: readonly unknown[];
  runs: readonly ChartRun[];
  metric: string;
  look: Look;
  grouping?: Grouping | null;
  onRange: (range: { from?: number | undefined; to?: number | undefined }) => void;
  isLarge?: boolean;
  onLarge?: ((metric: string) => void) | undefined;
}

/** One metric as lines, one for each run. It is fetched when it first comes into view, and takes the room that it needs then. */
export function MetricChart(props: MetricChartProps) {
  const [seen, place] = useSeen<HTMLElement>();
  const height = props.isLarge ? chartHeights.large : chartHeights.usual;
  const [size, setSize] = useState<CardSize>(height);
  return (
    <section
      className={style.card} ref={place} aria-label={props.metric} data-large={props.isLarge || undefined} data-number={size === 'number' || undefined}
      style={{ gridRowEnd: `span ${rowsOf(size)}` }}
    >
      {seen ? <Chart {...props} height={height} onSize={setSize} /> : <h3 className={style.title} title={props.metric}>{props.metric}</h3>}
    </section>
  );
}

function Chart({ scope, runs, metric, look, grouping = null, onRange, isLarge = false, onLarge, height, onSize }: MetricChartProps & {
  height: number; onSize: (size: CardSize) => void;
}) {
  const [width, setWidth] = useState(isLarge ? 1200 : usual.width);
  const [cursor, setCursor] = useState<number | null>(null);
  const { lines, perRun, seen, askAhead, count: points, isSampled, isWaiting, isStale, error } = useLines(scope, metric, runs, look, width, grouping);
  const { x, from, to } = look;
  const isZoomed = isRange(look);
  const view = useMemo(() => (isZoomed ? { min: from, max: to } : null), [isZoomed, from, to]);
  const { notFinite, notAboveZero } = useMemo(() => countUnseen(seen, look), [seen, look.logX, look.logY]);
  const bars = useMemo(() => (isZoomed || runs.length < 2 || isWaiting ? null : barsOf(perRun, runs, metric, grouping)), [isZoomed, runs, isWaiting, perRun, metric, grouping]);
  const only = runs.length === 1 ? lines[0] : undefined;
  const isPoint = only?.x.length === 1 && !isZoomed;
  const fit = bars && fitBars(bars.length, height);
  const room = fit?.height ?? height;
  useLayoutEffect(() => onSize(isPoint ? 'number' : room), [onSize, isPoint, room]);
  if (isPoint) {
    return (
      <>
        <header className={style.head}><h3 className={style.title} title={metric}>{metric}</h3></header>
        <p className={style.point} title={String(only.y[0]!)}><strong>{formatNumber(only.y[0]!)}</strong> {x === 'step' && only.x[0] !== 0 ? `at step ${xLabel(only.x[0]!, x)}` : ''}</p>
      </>
    );
  }
  return (
    <>
      <header className={style.head}>
        <h3 className={style.title} title={metric}>{metric}</h3>
        {only && <Readout line={only} cursor={cursor} x={x} />}
        {onLarge && (
          <button type="button" className={`${kit.bare} ${style.grow}`} aria-pressed={isLarge} onClick={() => onLarge(metric)} title={isLarge ? 'Smaller' : 'Larger'}>
            <Icon name={isLarge ? 'minus' : 'fit'} size={13} label={`${isLarge ? 'Smaller' : 'Larger'} chart of ${metric}`} />
          </button>
        )}
      </header>
      {error ? <p className={style.note}>{error.message}</p> : bars ? (
        <BarChart bars={bars} label={metric} height={height} />
      ) : (
        <LineChart
          lines={lines} label={describeChart(metric, lines.length, x)} x={x} logX={look.logX} logY={look.logY} robust={look.robust} isSmoothed={look.smooth > 0} low={look.low} high={look.high}
          height={height} view={view} onWidth={(now) => {
            if (!isLarge) usual.width = now;
            setWidth(now);
          }} {...(only ? { onCursor: setCursor } : {})}
          onZoom={(min, max) => {
            if (x !== 'step') {
              onRange({ from: min, to: max });
              return;
            }
            const range = { from: Math.ceil(min), to: Math.max(Math.floor(max), Math.ceil(min) + 1) };
            askAhead(range);
            onRange(range);
          }}
          onReset={() => onRange({})}
        />
      )}
      <footer className={style.foot}>
        <span title={isSampled ? 'Of every part of the axis the first, the last, the least and the greatest point are drawn, so no spike is lost. Zoom in for every point.' : 'Every point is drawn.'}>
          {isWaiting && runs.length > 0 ? 'Loading…' : bars && fit ? describeBars(bars.length, fit.seen, grouping !== null) : describe(points, lines.length, runs.length, isZoomed && !isMetricAxis(x))}{isStale ? ' …' : ''}
        </span>
        {x !== 'step' && !bars && <span>by {axisName(x)}</span>}
        {notFinite > 0 && <span className={style.warn} title="Points that are NaN or infinite are gaps in the line"><Icon name="warning" size={11} /> {isSampled ? 'some' : notFinite} not finite</span>}
        {notAboveZero > 0 && !bars && <span className={style.warn} title="A log scale has no place for 0 and what is less: these points are not drawn"><Icon name="warning" size={11} /> {isSampled ? 'some' : notAboveZero} not above 0</span>}
      </footer>
    </>
  );
}

/** The value under the cursor, or the last: as it was logged, also where a smoothed line is drawn. */
function Readout({ line, cursor, x }: { line: Pick<Line, 'x' | 'y' | 'raw'>; cursor: number | null; x: Look['x'] }) {
  const at = cursor === null ? line.x.length - 1 : nearest(line, cursor);
  if (at < 0) return null;
  return (
    <span className={style.readout}>
      {cursor !== null && <span className={style.where}>{x === 'step' ? 'step ' : ''}{xLabel(line.x[at]!, x)}</span>}
      {line.raw && <span className={style.where} title="What the smoothed line shows here">smoothed {formatNumber(line.y[at]!)}</span>}
      <strong>{formatNumber((line.raw ?? line.y)[at]!)}</strong>
    </span>
  );
}

function describeBars(bars: number, seen: number, areGroups: boolean): string {
  const all = areGroups ? `${count(bars, 'group')}: means` : count(bars, 'run');
  return seen < bars ? `${all}, the greatest ${seen} seen: scroll for more` : all;
}

function describe(points: number, lines: number, runs: number, isZoomed: boolean): string {
  if (points === 0) return isZoomed ? 'no points in this range' : 'no points yet';
  const some = `${count(points, 'point')}${isZoomed ? ' in this range' : ''}`;
  return runs === 1 ? some : `${count(lines, 'line')}, ${some}`;
}

const describeChart = (metric: string, lines: number, x: Look['x']): string => `${metric} by ${axisName(x)}, ${count(lines, 'line')}`;
