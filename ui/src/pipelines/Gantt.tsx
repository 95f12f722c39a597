import type { RunInfo } from '../api/types';
import { useNow } from '../design/clock';
import { duration } from '../format/time';
import style from './pipelines.module.css';
import type { Step } from './steps';
import { StepIcon, stateWords } from './StepState';

const marks = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800];

/** When each step ran, against the clock of the whole. */
export function Gantt({ run, steps, chosen, onChoose }: { run: RunInfo; steps: readonly Step[]; chosen: string | undefined; onChoose: (step: string) => void }) {
  const now = useNow('fast');
  const tries = steps.flatMap((step) => step.tries);
  const from = Math.min(run.startedAt, ...tries.map((t) => t.startedAt));
  const to = Math.max(from + 1000, run.endedAt ?? now, ...tries.map((t) => t.endedAt ?? now));
  const percent = (at: number) => `${((at - from) / (to - from)) * 100}%`;
  const seconds = (to - from) / 1000;
  const step = marks.find((mark) => seconds / mark <= 8) ?? marks.at(-1)!;
  const ticks = Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step * 1000);
  return (
    <div className={style.gantt} role="table" aria-label="Timings">
      <div role="row" className={style.ganttHead}>
        <span role="columnheader">Step</span>
        <span role="columnheader" className={style.axis} aria-label="Time since the start">
          {ticks.map((tick) => <span key={tick} style={{ left: percent(from + tick) }}>{tick === 0 ? '0' : duration(tick).replace('.0 s', ' s')}</span>)}
        </span>
        <span role="columnheader">Took</span>
      </div>
      {steps.map((one) => {
        const took = one.tries.reduce((sum, t) => sum + (t.endedAt ?? now) - t.startedAt, 0);
        return (
          <div key={one.name} role="row" className={`${style.ganttRow} ${one.name === chosen ? style.chosen : ''}`}>
            <span role="cell"><button type="button" onClick={() => onChoose(one.name)} title={one.name}><StepIcon state={one.state} /> <span>{one.name}</span></button></span>
            <span role="cell" className={style.lane}>
              {ticks.map((tick) => <i key={tick} style={{ left: percent(from + tick) }} />)}
              {one.tries.map((t) => {
                const end = t.endedAt ?? now;
                const words = `${one.name}: ${t.status}, from ${duration(t.startedAt - from)} to ${duration(end - from)}, took ${duration(end - t.startedAt)}`;
                return (
                  <span
                    key={t.id} className={`${style.bar} ${style[t.status === 'finished' ? 'succeeded' : t.status === 'running' ? 'running' : t.status === 'killed' ? 'stopped' : 'failed']}`}
                    style={{ left: percent(t.startedAt), width: `max(3px, ${((end - t.startedAt) / (to - from)) * 100}%)` }} title={words} role="img" aria-label={words}
                  />
                );
              })}
              {one.tries.length === 0 && <small>{stateWords[one.state]}</small>}
            </span>
            <span role="cell">{one.tries.length > 0 ? duration(took) : '–'}</span>
          </div>
        );
      })}
    </div>
  );
}
