// What the open page can do, for the command palette.
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Action {
  name: string;
  run: () => void;
  keys?: string;
  enabled?: boolean;
}

interface Registered {
  group: string;
  actions: () => readonly Action[];
}

let registered: readonly Registered[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Registered[]): void {
  registered = next;
  for (const listener of listeners) listener();
}

/** Offers a page's actions while it is open; they may change from render to render. */
export function useActions(group: string, actions: readonly Action[]): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const mine: Registered = { group, actions: () => latest.current };
    set([...registered, mine]);
    return () => set(registered.filter((one) => one !== mine));
  }, [group]);
}

/** Those that can be done now. */
export function usePageActions(): { group: string; action: Action }[] {
  const all = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => registered);
  return all.flatMap(({ group, actions }) => actions().filter(({ enabled }) => enabled !== false).map((action) => ({ group, action })));
}
