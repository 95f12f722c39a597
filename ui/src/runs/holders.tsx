// Which runs made what is in production: the question behind most looks at a table of runs.
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { createContext, useContext, useMemo } from 'react';
import { queries } from '../api/queries';
import type { VersionDetail, VersionInfo } from '../api/types';
import { isWeighty } from '../artifacts/AliasChips';
import { Chip } from '../design/kit';

export interface Holder {
  alias: string;
  version: VersionInfo;
}

/** By run: the versions it logged that have an alias such as "prod". */
export type Holders = ReadonlyMap<string, readonly Holder[]>;

export const HoldersContext = createContext<Holders>(new Map());

/** More artifacts are not asked; a table of runs does not wait for any of them. */
const most = 20;

export function useHolders(experimentId: string): Holders {
  const artifacts = useQuery(queries.artifacts(experimentId)).data?.artifacts;
  const held = useMemo(() => (artifacts ?? []).flatMap(({ name, aliases }) => Object.keys(aliases).filter(isWeighty).map((alias) => ({ name, version: aliases[alias]! }))).slice(0, most), [artifacts]);
  const details = useQueries({ queries: held.map(({ name, version }) => queries.version(experimentId, name, version)), combine: detailsOf });
  return useMemo(() => holdersOf(details), [details]);
}

const detailsOf = (answers: readonly { data?: VersionDetail | undefined }[]): VersionDetail[] => answers.flatMap(({ data }) => data ?? []);

export function holdersOf(details: readonly Pick<VersionDetail, 'version' | 'loggedBy'>[]): Holders {
  const found = new Map<string, Holder[]>();
  for (const { version, loggedBy } of details) {
    for (const { id } of loggedBy) {
      for (const alias of version.aliases.filter(isWeighty)) {
        const known = found.get(id) ?? [];
        if (!known.some((one) => one.alias === alias && one.version.name === version.name)) found.set(id, [...known, { alias, version }]);
      }
    }
  }
  return found;
}

/** "prod", where the run made what is; it leads there. */
export function MadeHolders({ runId }: { runId: string }) {
  return useContext(HoldersContext).get(runId)?.map((holder) => <HolderChip key={`${holder.version.name} ${holder.alias}`} holder={holder} />);
}

export function HolderChip({ holder: { alias, version: { experimentId, name, version } } }: { holder: Holder }) {
  return (
    <Link to="/artifacts/$experimentId/$name" params={{ experimentId, name }} search={{ v: version }} style={{ flex: 'none' }} aria-label={`made ${name}:${version}, which is ${alias}`}>
      <Chip tone="accent" title={`Made ${name}:${version}, which is ${alias}`}>{alias}</Chip>
    </Link>
  );
}
