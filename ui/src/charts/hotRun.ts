// The run under the pointer, in a chart or in the list: every chart draws its line in front. It is nothing to remember, so
// it is not in the address; and no component renders for it, so that the pointer can move as fast as it likes.
let current: string | null = null;
const listeners = new Set<(id: string | null) => void>();

export function setHotRun(id: string | null): void {
  if (id === current) return;
  current = id;
  for (const listener of listeners) listener(id);
}

export function onHotRun(listener: (id: string | null) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const hotRun = (): string | null => current;
