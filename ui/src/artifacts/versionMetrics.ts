// The metrics by which a version is judged: those of the runs that used it (evaluations) and of the run that made it.
import type { RunDetail, VersionDetail, WireNumber } from '../api/types';

export interface JudgedMetric {
  key: string;
  value: WireNumber;
  /** The run that measured it. */
  runId: string;
  runName: string;
}

/** Runs to ask: the newest few that used it, and what made it. More would be a crowd that nobody reads. */
export function judges({ loggedBy, usedBy }: VersionDetail): string[] {
  const newest = [...usedBy].sort((a, b) => b.startedAt - a.startedAt).slice(0, 5);
  return [...new Set([...newest, ...loggedBy.slice(0, 2)].map((run) => run.id))];
}

/** By key; where several runs measured the same, the one asked first counts. */
export function metricsOf(runs: readonly RunDetail[]): Map<string, JudgedMetric> {
  const found = new Map<string, JudgedMetric>();
  for (const { run, metrics } of runs) {
    for (const { key, value } of metrics) {
      if (!key.startsWith('system') && !found.has(key)) found.set(key, { key, value, runId: run.id, runName: run.name });
    }
  }
  return found;
}
