import { useQuery } from '@tanstack/react-query';
import { urls } from '../api/client';
import { queries } from '../api/queries';
import { LoggedModelCard } from '../artifacts/LoggedModelCard';

/** The models among the files of a run; nothing where there are none. */
export function RunModels({ runId }: { runId: string }) {
  const { data } = useQuery(queries.runModels(runId));
  return (data?.models ?? []).map((model) => (
    <LoggedModelCard
      key={model.path} model={model} title={`Model ${model.path || 'of this run'}`}
      exampleUrl={model.inputExample ? urls.runFile(runId, model.inputExample) : undefined}
    />
  ));
}
