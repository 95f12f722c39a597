import { useCallback, useMemo } from 'react';
import { BarChart } from '../charts/BarChart';
import { Canvas, fitText, type Ink } from '../charts/Canvas';
import { LineChart } from '../charts/LineChart';
import type { Line } from '../charts/lines';
import { formatNumber } from '../format/numbers';
import { Bars } from './HistogramPanel';
import { histogramOf, type Plot } from './loggedTable';

export interface RunPlot {
  id: string;
  label: string;
  color: string;
  plot: Plot;
}

const height = 260;

/** What tables of one key draw as. Lines of several runs stand over each other; of other plots there is one for each. */
export function PlotView({ plots, name }: { plots: readonly RunPlot[]; name: string }) {
  const first = plots[0]!.plot;
  if (first.kind === 'lines') return <Lines plots={plots} name={name} x={first.x} y={first.y} />;
  return plots.map(({ id, label, plot }) => (
    <figure key={id}>
      {plots.length > 1 && <figcaption>{label}</figcaption>}
      {plot.kind === 'confusion' && <Confusion height={plots.length > 1 ? 220 : 300} classes={plot.classes} counts={plot.counts} label={`${name} of ${label}`} />}
      {plot.kind === 'bars' && <BarChart bars={plot.bars.map((bar, i) => ({ id: `${i}`, label: bar.label, color: 'var(--chart-1)', value: bar.value }))} label={name} height={height} />}
      {plot.kind === 'values' && <Bars {...histogramOf(plot.values)} label={`${name}: ${plot.name}`} />}
    </figure>
  ));
}

function Lines({ plots, name, x, y }: { plots: readonly RunPlot[]; name: string; x: string; y: string }) {
  const lines = useMemo(() => plots.flatMap(({ id, label, color, plot }) => (plot.kind !== 'lines' ? [] : plot.lines.map(({ name: of, points }, i): Line => ({
    id: `${id} ${of}`, label: [plots.length > 1 ? label : '', of].filter(Boolean).join(': ') || label, color: plots.length > 1 ? color : `var(--run-${i % 20})`,
    x: Float64Array.from(points, ([at]) => at), y: Float64Array.from(points, ([, value]) => value),
  })))), [plots]);
  return <LineChart lines={lines} label={`${name}: ${y} by ${x}`} x={x} logX={false} logY={false} robust={false} height={height} view={null} onZoom={() => undefined} onReset={() => undefined} onWidth={() => undefined} />;
}

function Confusion({ height, classes, counts, label }: { height: number; classes: readonly string[]; counts: readonly (readonly number[])[]; label: string }) {
  const paint = useCallback((ctx: CanvasRenderingContext2D, width: number, tall: number, ink: Ink) => {
    ctx.font = ink.font;
    ctx.textBaseline = 'middle';
    const words = Math.min(width * 0.3, Math.max(30, ...classes.map((one) => ctx.measureText(one).width + 10)));
    const [left, top] = [words + 14, 26];
    const size = Math.max(6, Math.min((width - left - 4) / classes.length, (tall - top - 22) / classes.length));
    const most = Math.max(1, ...counts.flat());
    counts.forEach((row, i) => row.forEach((count, j) => {
      const [x, y] = [left + j * size, top + i * size];
      ctx.globalAlpha = 0.06 + 0.94 * (count / most);
      ctx.fillStyle = ink.accent;
      ctx.fillRect(x + 0.5, y + 0.5, size - 1, size - 1);
      ctx.globalAlpha = 1;
      const word = formatNumber(count);
      if (ctx.measureText(word).width > size - 4) return;
      ctx.textAlign = 'center';
      ctx.fillStyle = count / most > 0.6 ? ink.surface : ink.text;
      ctx.fillText(word, x + size / 2, y + size / 2);
    }));
    ctx.fillStyle = ink.text;
    classes.forEach((one, i) => {
      ctx.textAlign = 'right';
      ctx.fillText(fitText(ctx, one, words - 8), left - 6, top + (i + 0.5) * size);
      ctx.textAlign = 'center';
      ctx.fillText(fitText(ctx, one, size - 2), left + (i + 0.5) * size, top - 9);
    });
    ctx.fillStyle = ink.muted;
    ctx.fillText('predicted', left + (classes.length * size) / 2, top + classes.length * size + 12);
    ctx.save();
    ctx.translate(7, top + (classes.length * size) / 2);
    ctx.rotate(-Math.PI / 2);
    ctx.fillText('actual', 0, 0);
    ctx.restore();
  }, [classes, counts]);
  return <Canvas height={height} paint={paint} label={`${label}: ${classes.map((one, i) => `${one} right ${counts[i]![i]} times`).join(', ')}`} />;
}
