import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client';
import type { SweepState } from '../api/types';

const pace = 3_000;

/** A sweep with its runs; one that is not over is asked about again and again, since no event tells of it. */
export function sweepQuery(experimentId: string, name: string) {
  return queryOptions({
    queryKey: ['sweep', experimentId, name],
    queryFn: ({ signal }) => api.sweep(experimentId, name, signal),
    refetchInterval: ({ state }) => (state.data && ['finished', 'canceled'].includes(state.data.sweep.state) ? false : pace),
  });
}

export function setSweepState(experimentId: string, name: string, state: SweepState) {
  return api.setSweepState(experimentId, name, state);
}
