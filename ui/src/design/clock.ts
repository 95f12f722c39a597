import { useSyncExternalStore } from 'react';

// One clock for all relative times of a page: components that share a pace tick together, and nothing ticks in a
// hidden tab.
class Clock {
  readonly #pace: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = Date.now();

  constructor(pace: number) {
    this.#pace = pace;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(this.#tick, this.#pace);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    };
  };

  readonly now = (): number => {
    // A clock that stood still catches up when somebody looks at it again.
    if (this.#timer === undefined && Date.now() - this.#now > this.#pace) this.#now = Date.now();
    return this.#now;
  };

  readonly #tick = (): void => {
    if (document.hidden) return;
    this.#now = Date.now();
    for (const listener of this.#listeners) listener();
  };
}

const slow = new Clock(10_000);
const fast = new Clock(1_000);

/** The present in Unix milliseconds; renders again as time goes by. */
export function useNow(pace: 'slow' | 'fast' = 'slow'): number {
  const clock = pace === 'fast' ? fast : slow;
  return useSyncExternalStore(clock.subscribe, clock.now);
}
