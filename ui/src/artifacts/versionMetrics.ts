// The metrics by which a version is judged: those of the runs that used it (evaluations) and of the run that made it.
import type { LineageUse, RunDetail, VersionDetail, VersionInfo, WireNumber } from '../api/types';

export interface JudgedMetric {
  key: string;
  value: WireNumber;
  /** The run that measured it. */
  runId: string;
  runName: string;
}

type Judged = Pick<VersionInfo, 'experimentId' | 'name' | 'version'>;

/**
 * Runs to ask, those first that judged the version and what it is held against, on the same data that is; then the newest few
 * that used it, and what made it. More would be a crowd that nobody reads.
 */
export function judges({ loggedBy, usedBy }: VersionDetail, against?: VersionDetail): string[] {
  const ended = [...usedBy].filter(({ status }) => status !== 'failed' && status !== 'killed' && status !== 'crashed');
  const others = new Set(against?.usedBy.map(({ id }) => id));
  const newest = ended.sort((a, b) => Number(others.has(b.id)) - Number(others.has(a.id)) || b.startedAt - a.startedAt).slice(0, 5);
  return [...new Set([...newest, ...loggedBy.slice(0, 2)].map((run) => run.id))];
}

/** By key; where several runs measured the same, the one asked first counts. */
export function metricsOf(runs: readonly RunDetail[], version: Judged): Map<string, JudgedMetric> {
  const found = new Map<string, JudgedMetric>();
  for (const detail of runs) {
    for (const [key, value] of ownMetrics(detail, version)) {
      if (!key.startsWith('system') && !found.has(key)) found.set(key, { key, value, runId: detail.run.id, runName: detail.run.name });
    }
  }
  return found;
}

/**
 * Which of a run's metrics are this version's own, as gates see it: all of a run that logged it, or that used it and no
 * other version of the artifact. Of a run that used two, those called "prod/…" are of the one that it asked for as "prod",
 * and the plain ones of the other.
 */
export function ownMetrics({ inputs, outputs, metrics }: Pick<RunDetail, 'inputs' | 'outputs' | 'metrics'>, version: Judged): (readonly [string, WireNumber])[] {
  const all = metrics.map(({ key, value }) => [key, value] as const);
  const ofFamily = (uses: readonly LineageUse[]) => uses.filter(({ version: other }) => other.experimentId === version.experimentId && other.name === version.name);
  const logged = new Set(ofFamily(outputs).map((use) => use.version.version));
  if (logged.has(version.version)) return logged.size === 1 ? all : [];
  if (logged.size > 0) return [];
  const used = ofFamily(inputs);
  const others = used.filter((use) => use.version.version !== version.version);
  if (others.length === 0) return all;
  const mine = used.find((use) => use.version.version === version.version);
  const alias = mine && aliasOf(mine);
  if (alias !== undefined) return all.flatMap(([key, value]) => (isOf(key, alias) ? [[key.slice(alias.length + 1), value] as const] : []));
  const aliases = others.map(aliasOf);
  if (!mine || aliases.some((other) => other === undefined)) return [];
  return all.filter(([key]) => !aliases.some((other) => isOf(key, other!)));
}

/** The alias by which a run asked for a version; undefined where it asked for the version itself, or the newest. */
function aliasOf({ usedAs }: LineageUse): string | undefined {
  const name = usedAs?.slice(usedAs.lastIndexOf(':') + 1);
  return !usedAs?.includes(':') || !name || name === 'latest' || /^v\d+$/.test(name) ? undefined : name;
}

const isOf = (key: string, alias: string): boolean => key.length > alias.length + 1 && key.startsWith(alias) && '/._'.includes(key[alias.length]!);
