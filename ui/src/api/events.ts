import { urls } from './client';
import type { RunEvent } from './types';

export interface EventScope {
  run?: string;
  experiment?: string;
}

export interface EventHandlers {
  onEvent: (event: RunEvent) => void;
  /** The stream was away and is back: anything may have changed meanwhile. */
  onGap: () => void;
}

/**
 * Listens to the server's events. While the tab is hidden the stream is closed, because browsers give one server only
 * six connections over HTTP/1.1 and forgotten tabs would use them up.
 */
export function listen(scope: EventScope, { onEvent, onGap }: EventHandlers): () => void {
  let source: EventSource | null = null;
  let wasOpen = false;

  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(urls.events(scope));
    source.addEventListener('open', () => {
      if (wasOpen) onGap();
      wasOpen = true;
    });
    source.addEventListener('run', (message) => {
      const event = parseEvent((message as MessageEvent<string>).data);
      if (event) onEvent(event);
    });
  };
  const close = () => {
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
