import type { RunDetail } from '../api/types';

/** Its runs below are steps of different kinds: of a pipeline, or of a project that starts its components itself. */
export const isChain = ({ tags, children }: RunDetail): boolean =>
  'cairn.pipeline.name' in tags || ('mlflow.project.entryPoint' in tags && new Set(children.map(({ jobType, name }) => jobType ?? name)).size > 1);
