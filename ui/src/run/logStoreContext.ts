import { createContext, use } from 'react';
import type { LogStore } from '../logs/LogStore';

/** The log of the run that the page shows: it lives as long as the page, so that changing tabs keeps what was read. */
export const LogStoreContext = createContext<LogStore | null>(null);

export function useLogStore(): LogStore {
  const store = use(LogStoreContext);
  if (!store) throw new Error('The logs tab stands outside of a run page.');
  return store;
}
