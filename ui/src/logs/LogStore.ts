// Log lines of one run, fetched in blocks where they are looked at: a log of a million lines opens as fast as a short
// one. Lines may be written again (progress bars), so the blocks at the end are refreshed as the run goes on.
import type { LogLine, LogPage } from '../api/types';

export type FetchLogs = (after: number, limit: number, signal: AbortSignal) => Promise<LogPage>;

const blockSize = 1000;

export interface LogSnapshot {
  total: number;
  /** Grows with every change, so that readers know to draw again. */
  revision: number;
  error: Error | null;
}

export class LogStore {
  readonly #fetch: FetchLogs;
  readonly #blocks = new Map<number, Map<number, LogLine>>();
  readonly #loading = new Map<number, Promise<void>>();
  readonly #listeners = new Set<() => void>();
  #abort = new AbortController();
  #snapshot: LogSnapshot;
  #refreshing: Promise<void> | null = null;
  #refreshAgain = false;

  constructor(fetch: FetchLogs, total: number) {
    this.#fetch = fetch;
    this.#snapshot = { total, revision: 0, error: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LogSnapshot => this.#snapshot;

  /** The line; null where the log has none of that number, undefined while it is not here yet. */
  line(number: number): LogLine | null | undefined {
    const block = this.#blocks.get(Math.floor(number / blockSize));
    return block === undefined ? undefined : block.get(number) ?? null;
  }

  /** Fetches what is missing of the lines from..to (inclusive). */
  ensure(from: number, to: number): Promise<unknown> {
    const last = Math.floor(Math.min(to, this.#snapshot.total - 1) / blockSize);
    const wanted: Promise<void>[] = [];
    for (let block = Math.floor(Math.max(0, from) / blockSize); block <= last; block++) {
      if (!this.#blocks.has(block)) wanted.push(this.#load(block));
    }
    return Promise.all(wanted);
  }

  /** The log has grown, or its last lines were written again. Calls during a refresh make one more, not many. */
  refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#refreshAgain = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#refreshTail().finally(() => {
      this.#refreshing = null;
      if (!this.#refreshAgain) return;
      this.#refreshAgain = false;
      void this.refresh();
    });
    return this.#refreshing;
  }

  /**
   * Numbers of all lines whose text satisfies the test, block after block; `onFound` hears of every block, so that the
   * first matches show while the rest is read.
   */
  async search(test: (text: string) => boolean, onFound: (lines: number[], done: number) => void, signal: AbortSignal): Promise<void> {
    const blocks = Math.ceil(this.#snapshot.total / blockSize);
    for (let block = 0; block < blocks; block++) {
      await this.ensure(block * blockSize, block * blockSize);
      if (signal.aborted) return;
      const lines = this.#blocks.get(block);
      const found = lines ? [...lines.values()].filter((line) => test(line.text)).map((line) => line.line) : [];
      onFound(found, (block + 1) / blocks);
    }
  }

  /** Ends what is under way. Whoever asks for lines after that gets them all the same. */
  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#loading.clear();
  }

  #load(block: number): Promise<void> {
    const before = this.#loading.get(block);
    if (before) return before;
    const loading = this.#fetchBlock(block).finally(() => {
      if (this.#loading.get(block) === loading) this.#loading.delete(block);
    });
    this.#loading.set(block, loading);
    return loading;
  }

  async #refreshTail(): Promise<void> {
    const block = Math.floor(Math.max(0, this.#snapshot.total - 1) / blockSize);
    // A run rewrites lines near its end: the block before may hold some of them too.
    if (block > 0 && this.#blocks.has(block - 1) && this.#snapshot.total % blockSize < 50) await this.#fetchBlock(block - 1);
    await this.#fetchBlock(block);
  }

  async #fetchBlock(block: number): Promise<void> {
    const { signal } = this.#abort;
    try {
      const page = await this.#fetch(block * blockSize - 1, blockSize, signal);
      // Numbers may have holes, so a page of a thousand lines can reach past its block; those lines are left to theirs.
      const lines = page.lines.filter(({ line }) => Math.floor(line / blockSize) === block);
      this.#blocks.set(block, new Map(lines.map((line) => [line.line, line])));
      this.#change({ total: Math.max(page.total, this.#snapshot.total), error: null });
    } catch (error) {
      if (!signal.aborted) this.#change({ error: error as Error });
    }
  }

  #change(part: Partial<LogSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...part, revision: this.#snapshot.revision + 1 };
    for (const listener of this.#listeners) listener();
  }
}
