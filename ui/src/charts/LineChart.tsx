// uPlot in React's clothes: one canvas, made once per look (theme, axis, scale), fed with new data as it comes.
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../design/theme';
import { clockTime, duration } from '../format/time';
import { formatNumber } from '../format/numbers';
import type { ChartData, XAxis } from './mergeSeries';

export interface LineChartProps {
  data: ChartData;
  labels: readonly string[];
  x: XAxis;
  log: boolean;
  height: number;
  /** The part of the x axis to show; null shows what the data spans. */
  view: readonly [number, number] | null;
  onZoom: (min: number, max: number) => void;
  onReset: () => void;
  /** Index of the point under the cursor, or null. */
  onPoint: (index: number | null) => void;
  onWidth: (width: number) => void;
}

export const seriesColors = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'];

export function LineChart(props: LineChartProps) {
  const { data, labels, x, log, height } = props;
  const theme = useTheme();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  const names = labels.join('\n');
  useEffect(() => {
    const element = host.current!;
    const made = new UPlot(options(element, latest), columns(latest.current.data), element);
    plot.current = made;
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width === 0) return;
      made.setSize({ width, height });
      latest.current.onWidth(width);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme, x, log, height, names]);

  useEffect(() => plot.current?.setData(columns(data)), [data]);
  return <div ref={host} style={{ height }} />;
}

function columns(data: ChartData): UPlot.AlignedData {
  return [data.x, ...data.y] as UPlot.AlignedData;
}

function options(element: HTMLElement, latest: { current: LineChartProps }): UPlot.Options {
  const { labels, x, log, height } = latest.current;
  const css = getComputedStyle(document.documentElement);
  const color = (name: string) => css.getPropertyValue(name).trim();
  const axis = { stroke: color('--muted'), grid: { stroke: color('--chart-grid'), width: 1 }, ticks: { show: false }, font: `11px ${color('--font')}` };
  return {
    width: element.clientWidth || 300,
    height,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 7, width: 1.5 },
      drag: { x: true, y: false, setScale: false },
      // Only the position is shared: each chart zooms by itself telling the page, which tells all.
      sync: { key: 'run', filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      bind: {
        dblclick: () => () => {
          latest.current.onReset();
          return null;
        },
      },
    },
    scales: {
      x: { time: x === 'time', range: () => latest.current.view as [number, number] | null ?? span(latest.current.data.x) },
      y: { distr: log ? 3 : 1, ...(log ? {} : { range: (_: UPlot, min: number, max: number) => paddedRange(min, max) }) },
    },
    series: [
      {},
      ...labels.map((label, i) => ({
        label, stroke: color(seriesColors[i % seriesColors.length]!), width: 1.5, points: { size: 4, space: 12 },
      })),
    ],
    axes: [
      { ...axis, size: 20, gap: 4, space: 80, ...(x === 'relative' ? { incrs: timeSteps } : {}), ...(x === 'time' ? {} : { values: (_: UPlot, splits: number[]) => splits.map((v) => xLabel(v, x)) }) },
      { ...axis, size: 54, gap: 6, values: (_, splits) => splits.map((v) => (v === null ? '' : formatNumber(v))) },
    ],
    hooks: {
      setSelect: [(u) => {
        if (u.select.width < 4) return;
        const min = u.posToVal(u.select.left, 'x');
        const max = u.posToVal(u.select.left + u.select.width, 'x');
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        latest.current.onZoom(min, max);
      }],
      setCursor: [(u) => latest.current.onPoint(u.cursor.left === undefined || u.cursor.left < 0 ? null : u.cursor.idx ?? null)],
    },
  };
}

// Distances of marks on the axis of elapsed seconds that people count in.
const timeSteps = [
  0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800,
  432_000, 864_000,
];

/** From the first point to the last; a single moment still gets an axis around it. */
function span(xs: readonly number[]): [number, number] {
  const first = xs[0] ?? 0;
  const last = xs.at(-1) ?? 0;
  return last > first ? [first, last] : [first - 1, first + 1];
}

/** A tenth of air above and below, and a sensible span around a constant. */
function paddedRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const air = min === max ? Math.max(Math.abs(min) * 0.1, 1e-9) : (max - min) * 0.08;
  return [min - air, max + air];
}

/** The x value as a person reads it. */
export function xLabel(value: number, x: XAxis): string {
  if (x === 'step') return Math.abs(value) >= 10_000 ? compact(value) : formatNumber(value);
  return x === 'time' ? clockTime(value * 1000) : value === 0 ? '0' : duration(value * 1000).replace('.0 s', ' s');
}

function compact(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 }).format(value);
}
