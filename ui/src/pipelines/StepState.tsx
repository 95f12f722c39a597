import type { ReactNode } from 'react';
import style from './pipelines.module.css';
import type { StepState } from './steps';

export const stateWords: Record<StepState, string> = {
  waiting: 'waiting', running: 'running', cached: 'reused', succeeded: 'succeeded', failed: 'failed', skipped: 'left out', stopped: 'stopped',
};

// Every state has its own shape, so that nobody needs to tell the colours apart.
const shapes: Record<StepState, ReactNode> = {
  waiting: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M8 4.7V8l2.2 1.7" />,
  running: <path className={style.turn} d="M8 1.9a6.1 6.1 0 1 0 6.1 6.1" />,
  cached: <path d="M13.6 8a5.6 5.6 0 1 1-1.7-4M13.6 1.8v3h-3M5.4 8.2l1.9 1.9 3.4-4" />,
  succeeded: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M5.2 8.3l2 2 3.7-4.4" />,
  failed: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" />,
  skipped: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M5 8h6" />,
  stopped: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M6 6h4v4H6z" />,
};

export function StepIcon({ state, size = 15 }: { state: StepState; size?: number }) {
  return (
    <svg
      width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round"
      className={`${style.stateIcon} ${style[state]}`} aria-hidden="true"
    >
      {shapes[state]}
    </svg>
  );
}

export function StepWord({ state }: { state: StepState }) {
  return <span className={`${style.stateWord} ${style[state]}`}><StepIcon state={state} /> {stateWords[state]}</span>;
}
