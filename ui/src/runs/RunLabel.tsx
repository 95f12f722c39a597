import type { RunInfo } from '../api/types';

/** What a run is called among its neighbours: the kind of its work says more than a made-up name. */
export function runWords(run: Pick<RunInfo, 'name' | 'jobType'>): { main: string; more: string | null } {
  return run.jobType && run.jobType !== run.name ? { main: run.jobType, more: run.name } : { main: run.name, more: null };
}

export function RunLabel({ run }: { run: Pick<RunInfo, 'name' | 'jobType'> }) {
  const { main, more } = runWords(run);
  return (
    <span title={more ? `${main}: ${more}` : main}>
      {main}
      {more && ' '}
      {more && <small style={{ marginLeft: 2, color: 'var(--muted)', fontWeight: 400 }}>{more}</small>}
    </span>
  );
}
