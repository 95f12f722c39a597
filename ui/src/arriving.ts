/**
 * What a file of the pages exports, once it is here. One that cannot be fetched makes the page reload (main.tsx): until then
 * nothing comes, instead of an error that is gone before it is read.
 */
export const arriving = <M, T>(load: () => Promise<M | undefined>, pick: (module: M) => T) => (): Promise<T> =>
  load().then((module) => (module === undefined ? new Promise<T>(() => undefined) : pick(module)));
