// Browsers refuse addresses that change too often: Chrome drops what exceeds 200 in 10 seconds, Safari throws at 100 in 30.
// A slider that is dragged, whose every position is in the address, does more than that.

/** So many changes are written at once … */
const burst = 30;
/** … and then one in each of these, the newest. */
const pauseMs = 500;

type Write = History['replaceState'];

/** Replaces of the address as often as a browser takes them; the last one is never lost. */
export function calmHistory(history: Pick<History, 'pushState' | 'replaceState'>, target: Pick<Window, 'addEventListener'>, now = () => Date.now()): void {
  const replace = history.replaceState.bind(history);
  const push = history.pushState.bind(history);
  let spare = burst;
  let last = now();
  let waiting: Parameters<Write> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const regain = () => {
    spare = Math.min(burst, spare + (now() - last) / pauseMs);
    last = now();
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting) return;
    const args = waiting;
    waiting = null;
    regain();
    spare = Math.max(0, spare - 1);
    replace(...args);
  };
  const drop = () => {
    clearTimeout(timer);
    timer = undefined;
    waiting = null;
  };
  history.replaceState = (...args) => {
    regain();
    if (spare >= 1 && timer === undefined) {
      spare--;
      replace(...args);
      return;
    }
    waiting = args;
    timer ??= setTimeout(flush, pauseMs);
  };
  history.pushState = (...args) => {
    // What was replaced is what one comes back to.
    flush();
    push(...args);
  };
  // Whoever reloads or leaves takes the newest address along; whoever goes back leaves it.
  target.addEventListener('pagehide', flush);
  target.addEventListener('beforeunload', flush);
  target.addEventListener('popstate', drop, true);
}
