import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { xLabel, yLabel } from '../charts/axes';
import { Card } from '../design/kit';
import { useTheme } from '../design/theme';
import { formatNumber } from '../format/numbers';
import type { LoadSeries } from './systemSeries';

/** Distances of the marks of time, in seconds. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800];

/** One measurement of the machine over the time of the run. */
export function LoadChart({ series: { name, x, y } }: { series: LoadSeries }) {
  const frame = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const color = (token: string) => style.getPropertyValue(token).trim();
    const axis = { stroke: color('--muted'), grid: { stroke: color('--chart-grid'), width: 1 }, ticks: { show: false }, font: `11px ${color('--font')}` };
    const chart = new uPlot({
      width: Math.max(100, element.clientWidth), height: 150, legend: { show: false }, cursor: { y: false, drag: { x: true, y: false } }, scales: { x: { time: false } },
      axes: [{ ...axis, size: 28, values: (_, ticks) => ticks.map((tick) => xLabel(tick, 'relative')), space: 70, incrs: steps }, { ...axis, size: 52, values: (_, ticks) => ticks.map(yLabel) }],
      series: [{}, { stroke: color('--chart-1'), width: 1.5, points: { show: x.length < 2 } }],
    }, [x, y], element);
    const observer = new ResizeObserver(() => chart.setSize({ width: Math.max(100, element.clientWidth), height: 150 }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [x, y, theme]);
  const last = y.findLast((value) => value !== null);
  return (
    <Card title={<span title={name}>{name}</span>} more={last === undefined || last === null ? undefined : <span title={`newest: ${last}`}>{formatNumber(last)}</span>}>
      <div ref={frame} role="img" aria-label={`${name}: ${x.length} samples${last === undefined || last === null ? '' : `, newest ${formatNumber(last)}`}`} />
    </Card>
  );
}
