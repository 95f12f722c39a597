// What can be launched, with which parameters, and the command that does it.
import type { Json, PipelineInfo, RunRow } from '../api/types';
import { shellWord } from '../experiments/newcomer';
import { changesOf, placeOf } from './steps';

export interface LaunchTarget {
  /** "pipeline:NAME" or "project:SOURCE#ENTRY": what the address calls it. */
  id: string;
  kind: 'pipeline' | 'project';
  name: string;
  detail: string;
  /** Where the command finds it. */
  source: string;
  entryPoint: string | null;
  experiment: string;
  /** A registered pipeline can be launched by a job. */
  registered: boolean;
  /** With the values of the newest run. */
  params: { key: string; value: Json }[];
  /** The changes of parameters that the newest run was started with, but for those that it was registered with. */
  changes: string[];
  /** The changes that a registered pipeline is run with anyway. */
  fixed: string[];
  /** When it ran last; null where it never did. */
  lastAt: number | null;
  /** Something else launched it when it ran last. */
  nested: boolean;
}

/** Everything that ran here or is registered, what ran last first; what is only part of something else comes last. */
export function targets(pipelines: readonly PipelineInfo[], executions: readonly RunRow[], projects: readonly RunRow[]): LaunchTarget[] {
  const found = new Map<string, LaunchTarget>();
  const keep = (target: LaunchTarget) => {
    const known = found.get(target.id);
    if (!known) found.set(target.id, target);
    else if (known.lastAt === null) {
      const changes = target.changes.filter((change) => !known.fixed.includes(change));
      found.set(target.id, { ...target, registered: known.registered, source: known.source, detail: known.detail, fixed: known.fixed, changes });
    }
  };
  for (const { name, source, experimentName, changes } of pipelines) {
    keep({
      id: `pipeline:${name}`, kind: 'pipeline', name, detail: `${source.kind}: ${source.location}`, source: source.location, entryPoint: null, experiment: experimentName,
      registered: true, params: changes.map(splitChange), changes: [], fixed: changes, lastAt: null, nested: false,
    });
  }
  for (const { run, params, tags } of executions) {
    const name = tags['cairn.pipeline.name'];
    if (!name) continue;
    const source = placeOf(tags);
    keep({
      id: `pipeline:${name}`, kind: 'pipeline', name, detail: source, source, entryPoint: null, experiment: run.experimentName, registered: false,
      params: listed(params), changes: changesOf(tags), fixed: [], lastAt: run.startedAt, nested: false,
    });
  }
  for (const { run, params, tags } of projects) {
    const entryPoint = tags['mlflow.project.entryPoint'];
    const source = tags['mlflow.source.name'];
    if (!entryPoint || !source) continue;
    keep({
      id: `project:${source}#${entryPoint}`, kind: 'project', name: `${source.split(/[/#]/).filter(Boolean).at(-1) ?? source} · ${entryPoint}`, detail: source, source, entryPoint,
      experiment: run.experimentName, registered: false, params: listed(params), changes: [], fixed: [], lastAt: run.startedAt, nested: run.parentId !== null && run.parentId !== undefined,
    });
  }
  return [...found.values()].sort((a, b) => Number(b.registered) - Number(a.registered) || Number(a.nested) - Number(b.nested) || (b.lastAt ?? 0) - (a.lastAt ?? 0));
}

function listed(params: Readonly<Record<string, Json>>): { key: string; value: Json }[] {
  return Object.entries(params).map(([key, value]) => ({ key, value })).sort((a, b) => a.key.localeCompare(b.key, 'en'));
}

const splitChange = (change: string): { key: string; value: Json } => {
  const at = change.indexOf('=');
  return { key: change.slice(0, at).replace(/^\++/, ''), value: change.slice(at + 1) };
};

export const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The changes of the newest run, and what differs from it: "model.trees=200", and "++new=1" for a parameter that its file does not have. */
export function changes(target: LaunchTarget, values: ReadonlyMap<string, string>): string[] {
  const added = new Set(target.changes.concat(target.fixed).filter((change) => change.startsWith('+')).map((change) => splitChange(change).key));
  const known = new Set(target.params.map(({ key }) => key).filter((key) => !added.has(key)));
  const changed = [...values].filter(([key, value]) => key !== '' && !target.params.some((param) => param.key === key && asText(param.value) === value));
  const kept = target.changes.filter((change) => !changed.some(([key]) => splitChange(change).key === key));
  return [...kept, ...changed.map(([key, value]) => `${known.has(key) ? '' : '++'}${key}=${value}`)];
}

/** The command that launches it by hand. A pipeline is told what differs, a project everything. */
export function command(target: LaunchTarget, values: ReadonlyMap<string, string>): string {
  const experiment = target.experiment !== target.name ? ` --experiment ${shellWord(target.experiment)}` : '';
  if (target.kind === 'pipeline') {
    return ['cairn pipeline run', shellWord(target.source), ...[...target.fixed, ...changes(target, values)].map(shellWord)].join(' ') + experiment;
  }
  const all = new Map(target.params.map(({ key, value }) => [key, asText(value)]));
  for (const [key, value] of values) all.set(key, value);
  const entry = target.entryPoint === 'main' ? '' : ` -e ${shellWord(target.entryPoint!)}`;
  return `cairn run ${shellWord(target.source)}${entry}${[...all].filter(([key]) => key !== '').map(([key, value]) => ` -P ${shellWord(`${key}=${value}`)}`).join('')}${experiment}`;
}
