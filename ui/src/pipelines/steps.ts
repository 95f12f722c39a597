// What the runner leaves on a pipeline's run (tags), and the runs below it → where each step stands.
import type { RunDetail, RunInfo } from '../api/types';

export type StepState = 'waiting' | 'running' | 'cached' | 'succeeded' | 'failed' | 'skipped' | 'stopped';

export interface Step {
  name: string;
  needs: string[];
  state: StepState;
  /** The run with its results: of this pipeline's run, or the earlier one that was taken in its place. */
  runId: string | null;
  reason: string | null;
  /** Its runs below this one, oldest first: more than one where it was tried again. */
  tries: RunInfo[];
  /** Milliseconds, as the runner measured them. */
  took: number | null;
}

const prefix = 'cairn.steps.';
const states: readonly StepState[] = ['cached', 'succeeded', 'failed', 'skipped', 'stopped'];

export function readSteps({ run, tags, children }: Pick<RunDetail, 'run' | 'tags' | 'children'>): Step[] {
  const graph = readGraph(tags['cairn.pipeline.graph']);
  const told = new Map(Object.entries(tags).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [nameOf(key.slice(prefix.length), graph), value]));
  const triesOf = groupBy(children, (child) => child.jobType ?? child.name);
  // A step that ran once for each of several things stands under each of their names.
  const names = new Set([...graph.keys(), ...told.keys(), ...[...triesOf.keys()].filter((name) => graph.size === 0 || graph.has(baseOf(name)))]);
  const over = run.status !== 'running' && run.status !== 'scheduled';
  const steps = [...names].map((name): Step => {
    const tries = [...(triesOf.get(name) ?? [])].sort((a, b) => a.startedAt - b.startedAt);
    const last = tries.at(-1);
    const needs = graph.get(name) ?? graph.get(baseOf(name)) ?? [];
    const [word = '', runId = '', took = '', ...reason] = (told.get(name) ?? '').split('|');
    const state = states.find((one) => one === word);
    // A step that goes again after a failed run is told by its run, until the runner tells its end.
    if (state && !(last && (last.status === 'running' || last.status === 'scheduled'))) {
      return { name, needs, state, runId: runId || null, reason: reason.join('|') || null, tries, took: took === '' ? null : Number(took) };
    }
    return {
      name, needs, state: last ? stateOfRun(last) : over ? 'skipped' : 'waiting', runId: last?.id ?? null,
      reason: last || !over ? null : 'the pipeline ended before it began', tries, took: null,
    };
  });
  // Where a step became several, the others stand for it.
  const parts = new Set([...names].filter((name) => name !== baseOf(name)).map(baseOf));
  return steps.filter(({ name, tries }) => !(parts.has(name) && tries.length === 0 && !told.has(name)));
}

export function stateOfRun({ status }: RunInfo): StepState {
  if (status === 'running' || status === 'scheduled') return 'running';
  if (status === 'finished') return 'succeeded';
  return status === 'killed' ? 'stopped' : 'failed';
}

function readGraph(text: string | undefined): Map<string, string[]> {
  try {
    const read: unknown = JSON.parse(text ?? '{}');
    if (typeof read !== 'object' || read === null) return new Map();
    return new Map(Object.entries(read).map(([step, needs]) => [step, Array.isArray(needs) ? needs.filter((need) => typeof need === 'string') : []]));
  } catch {
    return new Map();
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** "train[0]" → "train". */
export const baseOf = (name: string): string => name.replace(/\[\d+\]$/, '');

/** Names of tags have no brackets: "train.0" → "train[0]", unless a step is called so. */
function nameOf(tag: string, graph: ReadonlyMap<string, unknown>): string {
  const several = /^(.+)\.(\d+)$/.exec(tag);
  return several && !graph.has(tag) ? `${several[1]}[${several[2]}]` : tag;
}

export interface StepEdge {
  from: number;
  to: number;
}

/** Edges between steps, by their places in the list; a step that became several is waited for in each. */
export function edgesOf(steps: readonly Step[]): StepEdge[] {
  const places = groupBy(steps.map(({ name }, place) => ({ name, place })), ({ name }) => baseOf(name));
  return steps.flatMap(({ needs }, to) => needs.flatMap((need) => (places.get(need) ?? []).map(({ place }) => ({ from: place, to })))).filter(({ from, to }) => from !== to);
}

const order: readonly StepState[] = ['failed', 'stopped', 'running', 'succeeded', 'cached', 'waiting', 'skipped'];

/** "2 succeeded, 1 reused" */
export function countStates(list: readonly StepState[]): { state: StepState; count: number }[] {
  return order.map((state) => ({ state, count: list.filter((one) => one === state).length })).filter(({ count }) => count > 0);
}

/** The states that the tags of a pipeline's run tell, for a list of runs. */
export function statesInTags(tags: Readonly<Record<string, string>>): StepState[] {
  return Object.entries(tags).filter(([key]) => key.startsWith(prefix)).map(([, value]) => states.find((state) => value.startsWith(`${state}|`))).filter((state) => state !== undefined);
}

/** Where a pipeline's run had its code from, as a command names it: the address it was fetched from, else its folder. */
export function placeOf(tags: Readonly<Record<string, string>>): string {
  return tags['cairn.pipeline.source'] || tags['cairn.pipeline.file']?.replace(/\/[^/]*$/, '') || '.';
}

/** The changes of parameters that the run was started with. */
export function changesOf(tags: Readonly<Record<string, string>>): string[] {
  try {
    const read: unknown = JSON.parse(tags['cairn.pipeline.overrides'] ?? '[]');
    return Array.isArray(read) ? read.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
