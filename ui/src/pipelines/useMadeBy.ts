import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { RunDetail } from '../api/types';
import type { Step } from './steps';

/** So many steps are asked what they read and made. */
const most = 60;

/** Steps of a chain that declares no graph: what one made and another read says which needs which. */
export function useMadeBy(steps: readonly Step[]): readonly Step[] {
  const declared = steps.some(({ needs }) => needs.length > 0);
  const ids = useMemo(() => (declared || steps.length > most ? [] : steps.flatMap(({ runId }) => runId ?? [])), [declared, steps]);
  const runs = useQueries({ queries: ids.map((id) => queries.run(id)), combine: detailsOf });
  return useMemo(() => (declared ? steps : withNeeds(steps, runs)), [declared, steps, runs]);
}

const detailsOf = (answers: readonly { data?: RunDetail | undefined }[]): RunDetail[] => answers.flatMap(({ data }) => data ?? []);

/** Every step with those that made what it read. */
export function withNeeds(steps: readonly Step[], runs: readonly Pick<RunDetail, 'run' | 'inputs' | 'outputs'>[]): Step[] {
  const stepOf = new Map(steps.flatMap(({ name, runId }) => (runId ? [[runId, name] as const] : [])));
  const maker = new Map<string, string>();
  const key = ({ experimentId, name, version }: { experimentId: string; name: string; version: string }) => `${experimentId}/${name}:${version}`;
  for (const { run, outputs } of runs) for (const { version } of outputs) maker.set(key(version), stepOf.get(run.id)!);
  return steps.map((step) => {
    const inputs = runs.find(({ run }) => run.id === step.runId)?.inputs ?? [];
    const needs = new Set(inputs.map(({ version }) => maker.get(key(version))).filter((name) => name !== undefined && name !== step.name));
    return needs.size > 0 ? { ...step, needs: [...needs] as string[] } : step;
  });
}
