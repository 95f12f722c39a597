import { duration, exactTime, relativeTime } from '../format/time';
import { useNow } from './clock';

/** "5 min ago", with the exact time on hover. */
export function TimeAgo({ at }: { at: number }) {
  const now = useNow();
  return <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>{relativeTime(at, Math.max(now, at))}</time>;
}

/** How long a run took, or has taken so far: then it counts on. */
export function Duration({ from, to }: { from: number; to: number | null | undefined }) {
  return to === null || to === undefined ? <Elapsed from={from} /> : <Span from={from} to={to} />;
}

function Elapsed({ from }: { from: number }) {
  const now = useNow('fast');
  return <time title={`since ${exactTime(from)}`}>{duration(Math.max(0, Math.floor((now - from) / 1000) * 1000))}</time>;
}

function Span({ from, to }: { from: number; to: number }) {
  return <time title={`${exactTime(from)} to ${exactTime(to)}`}>{duration(to - from)}</time>;
}
