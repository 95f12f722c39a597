// A run's colour. Each id has a place of its own among the colours (so that two people see the same run alike); where a
// run that was shown before holds it, the next free one is taken. The reader may choose another: this browser keeps it.

/** As many as tokens.css has `--run-N`. */
export const colorCount = 20;

const key = 'cairn.runColors';
const keptAtMost = 500;

export class RunColors {
  readonly #slots = new Map<string, number>();
  readonly #uses = new Array<number>(colorCount).fill(0);
  readonly #chosen: Map<string, number>;
  readonly #listeners = new Set<() => void>();
  readonly #keep: (chosen: [string, number][]) => void;
  #version = 0;

  constructor(chosen: Iterable<readonly [string, number]> = [], keep: (chosen: [string, number][]) => void = () => undefined) {
    this.#chosen = new Map(chosen);
    this.#keep = keep;
  }

  readonly css = (id: string): string => `var(--run-${this.slot(id)})`;

  readonly slot = (id: string): number => {
    const known = this.#chosen.get(id) ?? this.#slots.get(id);
    if (known !== undefined) return known;
    const own = hash(id) % colorCount;
    let slot = own;
    const least = Math.min(...this.#uses);
    while (this.#uses[slot]! > least) slot = (slot + 7) % colorCount;
    this.#uses[slot]! += 1;
    this.#slots.set(id, slot);
    return slot;
  };

  /** null gives the run its own colour again. */
  readonly choose = (id: string, slot: number | null): void => {
    this.#chosen.delete(id);
    if (slot !== null) this.#chosen.set(id, slot);
    this.#version += 1;
    this.#keep([...this.#chosen].slice(-keptAtMost));
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;
}

function hash(text: string): number {
  let h = 2166136261;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619);
  return (h ^ (h >>> 15)) >>> 0;
}

function readKept(): [string, number][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one): one is [string, number] => Array.isArray(one) && typeof one[0] === 'string' && Number.isInteger(one[1]) && one[1] >= 0 && one[1] < colorCount) : [];
  } catch {
    return [];
  }
}

function keep(chosen: [string, number][]): void {
  try {
    localStorage.setItem(key, JSON.stringify(chosen));
  } catch {
    // A browser that keeps nothing still shows the choice until the page is left.
  }
}

export const colors = new RunColors(readKept(), keep);
