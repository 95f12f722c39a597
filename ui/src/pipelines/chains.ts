// Chains that start their components themselves, without a pipeline file: runs of projects that launched other runs.
import type { RunRow } from '../api/types';
import { type StepState, stateOfRun } from './steps';

export interface Chain {
  row: RunRow;
  name: string;
  states: StepState[];
}

/** Among the newest runs of projects: those that others were launched by, with the states of these. */
export function chainsOf(rows: readonly RunRow[]): Chain[] {
  const launched = new Map<string, RunRow[]>();
  for (const row of rows) if (row.run.parentId) launched.set(row.run.parentId, [...(launched.get(row.run.parentId) ?? []), row]);
  return rows.flatMap((row) => {
    const steps = launched.get(row.run.id);
    if (!steps || row.tags['cairn.pipeline.name'] !== undefined || row.run.parentId) return [];
    return [{ row, name: row.run.jobType ?? row.run.name, states: steps.map(({ run }) => stateOfRun(run)) }];
  });
}
