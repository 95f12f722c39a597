// Tags that clients set by convention, told apart from the ones people set.
export interface SourceFacts {
  name?: string;
  entryPoint?: string;
  repository?: string;
  branch?: string;
  commit?: string;
  environment?: string;
  backend?: string;
}

export interface SplitTags {
  note: string | null;
  source: SourceFacts;
  tags: [string, string][];
}

const sourceTags: Record<string, keyof SourceFacts> = {
  'mlflow.source.name': 'name',
  'mlflow.project.entryPoint': 'entryPoint',
  'mlflow.source.git.repoURL': 'repository',
  'mlflow.source.git.branch': 'branch',
  'mlflow.source.git.commit': 'commit',
  'mlflow.project.env': 'environment',
  'mlflow.project.backend': 'backend',
};

/** Shown elsewhere on the page, or doubles of a tag that is. */
const known = new Set([
  'mlflow.note.content', 'mlflow.runName', 'mlflow.user', 'mlflow.parentRunId', 'cairn.alert', 'mlflow.gitRepoURL', 'mlflow.gitBranchName', 'mlflow.source.type',
]);

/** What the runner keeps of pipelines and their steps: the page of the pipeline's run tells it. */
const ofPipelines = /^cairn\.(steps?|pipeline)\./;

export function splitTags(all: Readonly<Record<string, string>>): SplitTags {
  const source: SourceFacts = {};
  const tags: [string, string][] = [];
  for (const [key, value] of Object.entries(all)) {
    const fact = Object.hasOwn(sourceTags, key) ? sourceTags[key] : undefined;
    if (fact) source[fact] = value;
    else if (!known.has(key) && !ofPipelines.test(key)) tags.push([key, value]);
  }
  tags.sort(([a], [b]) => (a < b ? -1 : 1));
  return { note: all['mlflow.note.content'] ?? null, source, tags };
}
