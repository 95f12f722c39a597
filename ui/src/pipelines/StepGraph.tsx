import { useMemo } from 'react';
import { duration } from '../format/time';
import { placeInColumns } from '../lineage/layers';
import style from './pipelines.module.css';
import { edgesOf, type Step } from './steps';
import { StepIcon, stateWords } from './StepState';

const narrowest = 166;
const widest = 260;
const height = 50;
const columnGap = 40;

/** Which step waits for which, from left to right, and where each stands. */
export function StepGraph({ steps, chosen, onChoose }: { steps: readonly Step[]; chosen: string | undefined; onChoose: (step: string) => void }) {
  const edges = useMemo(() => edgesOf(steps), [steps]);
  // As wide as the longest name needs: about eight pixels a letter, and what stands around it.
  const width = Math.min(widest, Math.max(narrowest, ...steps.map(({ name }) => name.length * 8 + 56)));
  const shape = steps.map(({ name, needs }) => `${name}<${needs.join(' ')}`).join(';');
  const places = useMemo(
    () => placeInColumns(steps.length, edges.map(({ from, to }) => [from, to] as const), { width, height, columnGap, rowGap: 14, margin: 12 }),
    // The places depend on names and needs alone: a step that changes its state stays where it is.
    [shape],
  );
  return (
    <div className={style.graph} role="group" aria-label="Steps">
      <div style={{ width: places.width, height: places.height }}>
        <svg width={places.width} height={places.height} aria-hidden="true">
          {edges.map(({ from, to }, i) => {
            const [x1, y1] = [places.x[from]! + width, places.y[from]! + height / 2];
            const [x2, y2] = [places.x[to]!, places.y[to]! + height / 2];
            const points = [[x1, y1], ...(places.bends[i] ?? []).flatMap((y, n) => {
              const x = places.x[from]! + (n + 1) * (width + columnGap);
              return [[x, y], [x + width, y]];
            }), [x2, y2]] as [number, number][];
            const path = points.slice(1).map(([x, y], n) => {
              const [px, py] = points[n]!;
              const middle = (px + x) / 2;
              return `C${middle} ${py} ${middle} ${y} ${x} ${y}`;
            }).join('');
            return <path key={`${from}-${to}`} d={`M${x1} ${y1}${path}`} className={steps[from]!.state === 'failed' ? style.badEdge : undefined} />;
          })}
        </svg>
        {steps.map((step, i) => (
          <button
            key={step.name} type="button" className={`${style.node} ${style[step.state]}`} aria-pressed={step.name === chosen}
            style={{ left: places.x[i], top: places.y[i], width, height }} onClick={() => onChoose(step.name)}
            title={`${step.name}: ${stateWords[step.state]}${step.reason ? `, ${step.reason}` : ''}`}
          >
            <StepIcon state={step.state} size={17} />
            <span>
              <strong>{step.name}</strong>
              <small>{stateWords[step.state]}{step.took ? `, ${duration(step.took)}` : ''}</small>
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}
