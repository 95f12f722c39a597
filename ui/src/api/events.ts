import { urls } from './client';
import type { RunEvent } from './types';

export interface EventScope {
  run?: string;
  experiment?: string;
}

export interface EventHandlers {
  onEvent: (event: RunEvent) => void;
  /** The stream is there for the first time: what changed since the page asked for what it shows was not told. */
  onBegin: () => void;
  /** The stream was away and is back: anything may have changed meanwhile. */
  onGap: () => void;
  /** The stream broke off: the server may be gone. */
  onLost: () => void;
}

const leastWaitMs = 3_000;
const mostWaitMs = 60_000;

/**
 * Listens to the server's events. While the tab is hidden the stream is closed, because browsers give one server only
 * six connections over HTTP/1.1 and forgotten tabs would use them up.
 */
export function listen(scope: EventScope, { onEvent, onBegin, onGap, onLost }: EventHandlers): () => void {
  let source: EventSource | null = null;
  let wasOpen = false;
  let wait = leastWaitMs;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(urls.events(scope));
    source.addEventListener('open', () => {
      if (wasOpen) onGap();
      else onBegin();
      wasOpen = true;
      wait = leastWaitMs;
    });
    source.addEventListener('error', () => {
      onLost();
      if (source?.readyState !== EventSource.CLOSED) return;
      // An answer that is no stream, as a proxy gives while the server starts, is not tried again by the browser.
      close();
      timer = setTimeout(open, wait);
      wait = Math.min(mostWaitMs, 2 * wait);
    });
    source.addEventListener('run', (message) => {
      const event = parseEvent((message as MessageEvent<string>).data);
      if (event) onEvent(event);
    });
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const onVisibility = () => (document.hidden ? close() : open());

  document.addEventListener('visibilitychange', onVisibility);
  open();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}

function parseEvent(data: string): RunEvent | null {
  try {
    const event = JSON.parse(data) as RunEvent;
    return typeof event.runId === 'string' && Array.isArray(event.changed) ? event : null;
  } catch {
    return null;
  }
}
