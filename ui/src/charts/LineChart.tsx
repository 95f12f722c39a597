// Lines on a canvas. uPlot keeps axes, scales, the cursor and the drag; the lines themselves are drawn here from their own
// columns, because uPlot would want one x for all of them.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../design/theme';
import { formatNumber } from '../format/numbers';
import { cssColor } from '../runs/selection';
import { axisName, markLabels, markSpace, timeSteps, xLabel, yLabel } from './axes';
import style from './charts.module.css';
import { drawLine, type Frame, scaleY } from './draw';
import { type Extent, xExtent, yExtent } from './extent';
import { hotRun, onHotRun, setHotRun } from './hotRun';
import { type Line, nearest, type XAxis } from './lines';

export interface LineChartProps {
  lines: readonly Line[];
  /** What the chart is about, for those who do not see it. */
  label: string;
  x: XAxis;
  logX: boolean;
  logY: boolean;
  robust: boolean;
  isSmoothed?: boolean;
  /** Ends of the vertical scale, where they were set. */
  low?: number | undefined;
  high?: number | undefined;
  height: number;
  /** The part of the x axis to show; null, and an end that is open, shows what the data spans. */
  view: { min: number | undefined; max: number | undefined } | null;
  onZoom: (min: number, max: number) => void;
  onReset: () => void;
  onWidth: (width: number) => void;
  /** x under the cursor of any chart of the page, or null. */
  onCursor?: (x: number | null) => void;
}

interface Told {
  x: number;
  left: number;
  rows: { id: string; label: string; color: string; value: number }[];
  more: number;
  isSmoothed: boolean;
}

/** Rows in the box beside the cursor: the lines nearest to it. */
const toldAtMost = 8;

/** Pixels between the cursor and that box. */
const toCursor = 14;

/** With this many lines, thinner ones keep them apart. */
const many = 12;

export function LineChart(props: LineChartProps) {
  const { lines, x, logX, logY, robust, low, high, height, view, label } = props;
  const theme = useTheme();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = host.current!;
    const made = new UPlot(options(element, latest, setTold), corners(latest.current), element);
    plot.current = made;
    const front = document.createElement('canvas');
    front.className = style.front!;
    made.over.append(front);
    // Where nobody looks, nothing is drawn: every move of the pointer would draw it in all charts of the page.
    const drawFront = (id: string | null) => {
      if (isInWindow(element)) paintFront(made, front, latest.current, id);
    };
    const forget = onHotRun(drawFront);
    made.hooks.draw!.push(() => drawFront(hotRun()));
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width === 0) return;
      made.setSize({ width, height });
      latest.current.onWidth(width);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      forget();
      made.destroy();
      plot.current = null;
    };
  }, [theme, x, logX, logY, height]);

  const [min, max] = view ? [view.min, view.max] : [undefined, undefined];
  useEffect(() => {
    plot.current?.setData(corners(latest.current));
  }, [lines, min, max, robust, low, high]);

  return (
    <div className={style.plot} style={{ height }} role="img" aria-label={label}>
      <div ref={host} />
      {told && <Telling told={told} x={x} />}
    </div>
  );
}

function Telling({ told, x }: { told: Told; x: XAxis }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current!;
    element.style.left = `${beside(told.left, element.offsetWidth, element.parentElement!.clientWidth)}px`;
  });
  return (
    <div className={style.told} ref={box}>
      <strong>{x === 'step' ? 'step ' : ''}{xLabel(told.x, x)}{told.isSmoothed && <small> smoothed</small>}</strong>
      {told.rows.map(({ id, label, color, value }) => (
        <div key={id} data-hot={id === hotRun()}>
          <i style={{ background: color }} /><span>{label}</span><b>{formatNumber(value)}</b>
        </div>
      ))}
      {told.more > 0 && <small>and {told.more} more</small>}
    </div>
  );
}

/** Where a box begins that stands beside the cursor: on the side with more room, or over the cursor where neither has enough. */
function beside(share: number, width: number, room: number): number {
  const at = share * room;
  const [right, left] = [at + toCursor, at - toCursor - width];
  if (share > 0.5 && left >= 0) return left;
  return Math.max(0, Math.min(right, room - width));
}

function isInWindow(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

/** All that uPlot is told of the data: where it begins and ends. */
function corners(props: LineChartProps): UPlot.AlignedData {
  const { min, max } = extentX(props);
  return [[min, max], [1, 1]];
}

function extentX({ lines, view, logX }: LineChartProps): Extent {
  const extent = viewed(view, lines, logX);
  return logX && extent.min <= 0 ? { min: Math.min(1, extent.max / 10), max: extent.max } : extent;
}

function viewed(view: LineChartProps['view'], lines: readonly Line[], logX: boolean): Extent {
  if (view?.min !== undefined && view.max !== undefined) return { min: view.min, max: view.max };
  const spanned = xExtent(lines, logX);
  const { min, max } = { min: view?.min ?? spanned.min, max: view?.max ?? spanned.max };
  // An end was set beyond all points.
  return min < max ? { min, max } : view?.min === undefined ? { min: max - 1, max } : { min, max: min + 1 };
}

export function frameOf(u: UPlot, { logX, logY }: Pick<LineChartProps, 'logX' | 'logY'>): Frame {
  const { left, top, width, height } = u.bbox;
  return { left, top, width, height, x: { min: u.scales['x']!.min!, max: u.scales['x']!.max! }, y: { min: u.scales['y']!.min!, max: u.scales['y']!.max! }, logX, logY };
}

function paint(u: UPlot, props: LineChartProps): void {
  const { ctx } = u;
  const frame = frameOf(u, props);
  const width = (props.lines.length > many ? 1 : 1.5) * devicePixelRatio;
  const seen = new Map<string, string>();
  ctx.save();
  ctx.beginPath();
  ctx.rect(frame.left, frame.top, frame.width, frame.height);
  ctx.clip();
  // The first run of the list ends in front.
  for (let i = props.lines.length - 1; i >= 0; i--) {
    const line = props.lines[i]!;
    let color = seen.get(line.color);
    if (color === undefined) seen.set(line.color, color = cssColor(line.color));
    drawLine(ctx, line, frame, color, width);
  }
  ctx.restore();
}

/** The line of the run that is pointed at, once more and in front, on a canvas of its own: nothing else is drawn again. */
function paintFront(u: UPlot, canvas: HTMLCanvasElement, props: LineChartProps, id: string | null): void {
  const ratio = devicePixelRatio;
  const [width, height] = [u.bbox.width, u.bbox.height];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const ctx = canvas.getContext('2d')!;
  ctx.clearRect(0, 0, width, height);
  const line = id === null || props.lines.length < 2 ? undefined : props.lines.find((one) => one.id === id);
  if (!line) return;
  const frame = { ...frameOf(u, props), left: 0, top: 0 };
  ctx.globalAlpha = 1;
  drawLine(ctx, { ...line, raw: undefined }, frame, cssColor('var(--surface)'), 5 * ratio);
  drawLine(ctx, { ...line, raw: undefined }, frame, cssColor(line.color), 2.5 * ratio);
}

function options(element: HTMLElement, latest: { current: LineChartProps }, tell: (told: Told | null) => void): UPlot.Options {
  const { x, logX, logY, height } = latest.current;
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
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      // Only the position is shared: each chart zooms by itself telling the page, which tells all.
      sync: { key: `charts ${axisName(x)}`, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
      bind: {
        dblclick: () => () => {
          latest.current.onReset();
          return null;
        },
      },
    },
    scales: {
      x: { time: x === 'time', distr: logX ? 3 : 1, range: () => pair(extentX(latest.current)) },
      y: { distr: logY ? 3 : 1, range: () => pair(yExtent(latest.current.lines, extentX(latest.current), { ...latest.current, log: logY })) },
    },
    series: [{}, { paths: () => null, points: { show: false } }],
    axes: [
      { ...axis, size: 20, gap: 4, space: (_: UPlot, _axis: number, min: number, max: number) => markSpace(x, min, max), ...(x === 'relative' ? { incrs: timeSteps } : {}), ...(x === 'time' ? {} : { values: (_: UPlot, splits: number[]) => markLabels(splits, (mark) => xLabel(mark, x)) }) },
      { ...axis, size: 54, gap: 6, values: (_, splits) => markLabels(splits, yLabel) },
    ],
    hooks: {
      draw: [(u) => paint(u, latest.current)],
      setSelect: [(u) => {
        if (u.select.width < 4) return;
        const min = u.posToVal(u.select.left, 'x');
        const max = u.posToVal(u.select.left + u.select.width, 'x');
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        latest.current.onZoom(min, max);
      }],
      setCursor: [(u) => {
        const { left, top, event } = u.cursor;
        const isOver = left !== undefined && left >= 0;
        const at = isOver ? u.posToVal(left, 'x') : null;
        latest.current.onCursor?.(at);
        // A position that another chart shared comes without an event.
        const isOwn = at !== null && event !== undefined && event !== null && u.over.matches(':hover');
        if (!isOwn || latest.current.lines.length < 2) {
          tell(null);
          return;
        }
        const found = rowsAt(u, latest.current, at, top ?? 0);
        tell({ x: x === 'step' ? Math.round(at) : at, left: (u.over.offsetLeft + left!) / u.width, isSmoothed: latest.current.isSmoothed ?? false, ...found.told });
        setHotRun(found.nearest);
      }],
      ready: [(u) => u.over.addEventListener('mouseleave', () => {
        tell(null);
        setHotRun(null);
      })],
    },
  };
}

function rowsAt(u: UPlot, props: LineChartProps, x: number, top: number): { told: Pick<Told, 'rows' | 'more'>; nearest: string | null } {
  const toY = scaleY({ ...frameOf(u, props), top: 0, height: u.over.clientHeight });
  const rows = props.lines.flatMap((line) => {
    const i = nearest(line, x);
    const value = i < 0 ? NaN : line.y[i]!;
    // Only of what is drawn: a log scale has no place for some.
    const far = Math.abs(toY(value) - top);
    return Number.isFinite(far) ? [{ id: line.id, label: line.label, color: line.color, value, far }] : [];
  });
  rows.sort((a, b) => a.far - b.far);
  const kept = rows.slice(0, toldAtMost).sort((a, b) => b.value - a.value);
  return { told: { rows: kept, more: rows.length - kept.length }, nearest: rows[0]?.id ?? null };
}

const pair = ({ min, max }: Extent): [number, number] => [min, max];
