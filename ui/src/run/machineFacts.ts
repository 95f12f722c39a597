// What a run's files tell of the machine and the program: W&B's client writes a file about both.
import type { Json, RunFileInfo } from '../api/types';
import type { SourceFacts } from './tags';

export interface MachineFacts {
  facts: [string, string][];
  /** The command line by which the program was started. */
  command: string | null;
}

export const machineFile = 'wandb-metadata.json';

export function readMachine(text: string): MachineFacts {
  let root: Json;
  try {
    root = JSON.parse(text) as Json;
  } catch {
    return { facts: [], command: null };
  }
  if (root === null || typeof root !== 'object' || Array.isArray(root)) return { facts: [], command: null };
  const said = root;
  const word = (key: string) => (typeof said[key] === 'string' && said[key] !== '' ? said[key] : typeof said[key] === 'number' ? String(said[key]) : null);
  const facts: [string, string][] = [];
  const add = (name: string, value: string | null) => {
    if (value !== null) facts.push([name, value]);
  };
  add('Host', word('host'));
  add('System', word('os'));
  add('Python', word('python'));
  add('CPU', cpu(said));
  add('GPU', gpu(said));
  add('Memory', memory(said['memory']));
  const args = Array.isArray(said['args']) ? said['args'].filter((arg) => typeof arg === 'string') : [];
  const program = word('program') ?? word('codePath');
  return { facts, command: program === null ? null : [word('executable') ?? 'python', program, ...args].map(shellQuoted).join(' ') };
}

function cpu(said: { [key: string]: Json }): string | null {
  const [count, logical] = [said['cpu_count'], said['cpu_count_logical']];
  if (typeof count !== 'number') return null;
  return typeof logical === 'number' && logical !== count ? `${count} cores, ${logical} threads` : `${count} cores`;
}

function gpu(said: { [key: string]: Json }): string | null {
  const name = typeof said['gpu'] === 'string' ? said['gpu'] : Array.isArray(said['gpu_nvidia']) ? nameOf(said['gpu_nvidia'][0]) : null;
  if (name === null || name === '') return null;
  return typeof said['gpu_count'] === 'number' && said['gpu_count'] > 1 ? `${said['gpu_count']} × ${name}` : name;
}

function nameOf(one: Json | undefined): string | null {
  return one !== null && typeof one === 'object' && !Array.isArray(one) && typeof one['name'] === 'string' ? one['name'] : null;
}

function memory(value: Json | undefined): string | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const total = Number(value['total']);
  // Older clients write gigabytes, newer ones bytes.
  return Number.isFinite(total) && total > 0 ? `${(total > 1e6 ? total / 2 ** 30 : total).toFixed(0)} GiB` : null;
}

/** The command that runs the same again, for runs that `cairn run` or `mlflow run` started. */
export function againCommand(source: SourceFacts, params: Readonly<Record<string, Json>>): string | null {
  if (!source.name || !source.entryPoint) return null;
  const parts = ['cairn', 'run', source.name];
  if (source.entryPoint !== 'main') parts.push('-e', source.entryPoint);
  if (source.commit && source.name.includes('://')) parts.push('--version', source.commit);
  for (const [key, value] of Object.entries(params)) {
    if (value === '(not recorded)') continue;
    parts.push('-P', `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  return parts.map(shellQuoted).join(' ');
}

/** A word as a shell takes it literally. */
export function shellQuoted(text: string): string {
  return /^[\w./:@%+=,#-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export interface Exhibit {
  path: string;
  title: string;
}

const known: readonly (readonly [RegExp, string])[] = [
  [/^(cairn\/uncommitted|diff)\.patch$/, 'Uncommitted changes'],
  [/^cairn\/environment\.lock$/, 'Environment, as resolved'],
  [/^requirements\.txt$/, 'Installed packages'],
  [/^(conda-environment|conda|python_env)\.ya?ml$/, 'Environment'],
  [/^code\/.+\.(py|ipynb|cs|fs|r|jl|sh)$/i, 'Program'],
  [/^wandb-metadata\.json$/, 'Machine and program'],
];

/** The files that tell how the run came about, the most telling first. */
export function exhibits(files: readonly RunFileInfo[]): Exhibit[] {
  return known.flatMap(([pattern, title]) => files.filter(({ path }) => pattern.test(path)).slice(0, 20).map(({ path }) => ({ path, title })));
}
