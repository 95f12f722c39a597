import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { queries } from '../api/queries';
import type { RunKeys, RunRow } from '../api/types';
import { allKeys, type Keys, keysOf } from './columns';

/** Every key that runs of an experiment have: those of the rows at hand, and of all runs from when somebody looks for one. */
export function useRunKeys(experimentId: string, rows: readonly RunRow[]): { keys: Keys; told: RunKeys | undefined; want: () => void } {
  const [isWanted, setWanted] = useState(false);
  const told = useQuery({ ...queries.runKeys(experimentId), enabled: isWanted }).data;
  const keys = useMemo(() => (told ? allKeys(told) : keysOf(rows)), [told, rows]);
  return { keys, told, want: useCallback(() => setWanted(true), []) };
}
