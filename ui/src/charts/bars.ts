// Values that stand side by side, as there is no line to draw of them: every run logged one point, or set a summary.
import type { Bar } from './BarChart';
import { toNumber } from '../format/numbers';
import type { Line } from './lines';
import type { ChartRun, Grouping } from './useLines';

/** The bars of a metric: of runs, or of groups with the mean of theirs; null where some run has a line. */
export function barsOf(lines: readonly Line[], runs: readonly ChartRun[], metric: string, grouping: Grouping | null): readonly Bar[] | null {
  if (lines.some(({ x }) => x.length > 1)) return null;
  const points = lines.filter(({ x }) => x.length === 1).map(({ id, label, color, y }): Bar => ({ id, label, color, value: y[0]! }));
  const bars = points.length > 0 ? points : runs.flatMap(({ id, label, color, isHidden, latest }): Bar[] =>
    isHidden || latest?.[metric] === undefined ? [] : [{ id, label, color, value: toNumber(latest[metric]) }]);
  if (bars.length === 0) return null;
  return grouping ? means(bars, grouping) : bars;
}

function means(bars: readonly Bar[], groupOf: Grouping): Bar[] {
  const groups = new Map<string, { color: string; values: number[] }>();
  for (const { id, value } of bars) {
    if (!Number.isFinite(value)) continue;
    const { name, color } = groupOf(id);
    const group = groups.get(name);
    if (group) group.values.push(value);
    else groups.set(name, { color, values: [value] });
  }
  return [...groups].map(([name, { color, values }]) => ({ id: name, label: `${name} (${values.length})`, color, value: values.reduce((sum, one) => sum + one, 0) / values.length }));
}
