// Whether the server still knows who this browser is. It stops to when a session ends, wherever that was done.
import { useSyncExternalStore } from 'react';

let away = false;
const listeners = new Set<() => void>();

export function setLoggedOut(isAway: boolean): void {
  if (away === isAway) return;
  away = isAway;
  for (const listener of listeners) listener();
}

/** True where the server asks for a login before it answers anything. */
export function useLoggedOut(): boolean {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => away);
}
