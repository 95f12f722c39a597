import type { ReactNode } from 'react';
import type { RunStatus } from '../api/types';
import style from './Status.module.css';

// Every status has its own shape, so that nobody needs to tell the colours apart.
const shapes: Record<RunStatus, ReactNode> = {
  running: <path className={style.turn} d="M8 1.9a6.1 6.1 0 1 0 6.1 6.1" />,
  scheduled: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M8 4.7V8l2.2 1.7" />,
  finished: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M5.2 8.3l2 2 3.7-4.4" />,
  failed: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4" />,
  killed: <path d="M8 1.9a6.1 6.1 0 1 0 0 12.2A6.1 6.1 0 0 0 8 1.9M6 6h4v4H6z" />,
  crashed: <path d="M8 2 14.4 13.6H1.6zM8 6.4v3.2M8 11.6v.1" />,
};

const words: Record<RunStatus, string> = {
  running: 'Running', scheduled: 'Scheduled', finished: 'Finished', failed: 'Failed', killed: 'Killed', crashed: 'Crashed',
};

export function StatusIcon({ status, size = 16, titled = true }: { status: RunStatus; size?: number; titled?: boolean }) {
  return (
    <span className={`${style.icon} ${style[status] ?? ''}`} title={titled ? words[status] : undefined}>
      <svg
        width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.6"
        strokeLinecap="round" strokeLinejoin="round" {...(titled ? { role: 'img', 'aria-label': words[status] } : { 'aria-hidden': true })}
      >
        {shapes[status]}
      </svg>
    </span>
  );
}

export function StatusBadge({ status }: { status: RunStatus }) {
  return (
    <span className={`${style.badge} ${style[status] ?? ''}`}>
      <StatusIcon status={status} size={14} titled={false} />
      {words[status] ?? status}
    </span>
  );
}

export function StatusWord({ status }: { status: RunStatus }) {
  return <span className={style[status]}>{words[status] ?? status}</span>;
}
