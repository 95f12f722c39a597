import { count } from '../format/numbers';
import style from './experiments.module.css';

const bar = 4;
const gap = 1;
const height = 24;

/** Runs of each of the last days as bars, today at the right; what failed is drawn over it. */
export function Sparkline({ started, failed }: { started: readonly number[]; failed: readonly number[] }) {
  const most = Math.max(1, ...started);
  const runs = started.reduce((sum, n) => sum + n, 0);
  const bad = failed.reduce((sum, n) => sum + n, 0);
  const words = `${count(runs, 'run')} in ${started.length} days${bad > 0 ? `, ${bad} failed` : ''}, at most ${Math.max(...started)} a day`;
  const bars = (counts: readonly number[]) => counts.map((n, i) => (n === 0 ? '' : `M${i * (bar + gap)} ${height}h${bar}v${-Math.max(2, Math.round(height * n / most))}h${-bar}z`)).join('');
  return (
    <svg className={style.spark} width={started.length * (bar + gap)} height={height + 1} role="img" aria-label={words}>
      <title>{words}</title>
      <path d={`M0 ${height + 0.5}H${started.length * (bar + gap)}`} className={style.sparkLine} />
      <path d={bars(started)} className={style.sparkRuns} />
      <path d={bars(failed)} className={style.sparkFailed} />
    </svg>
  );
}
