// Who decided what an alias points to: the moves of one alias, told as a story.
import type { AliasChange, ArtifactDetail } from '../api/types';
import { isWeighty } from './AliasChips';

export interface Decision {
  alias: string;
  version: string;
  /** The move that brought it there; null where the server kept none. */
  change: AliasChange | null;
  /** Earlier and later moves of the alias, oldest first. */
  trail: AliasChange[];
}

/** Aliases that mean a decision, weighty ones first. "latest" moves by itself and is none. */
export function decisions({ artifact, aliasHistory }: ArtifactDetail): Decision[] {
  return Object.entries(artifact.aliases)
    .filter(([alias]) => alias !== 'latest')
    .map(([alias, version]) => {
      const moves = aliasHistory.filter((change) => change.alias === alias);
      return { alias, version, change: moves.find((change) => change.to === version) ?? null, trail: [...moves].reverse() };
    })
    .sort((a, b) => Number(isWeighty(b.alias)) - Number(isWeighty(a.alias)) || a.alias.localeCompare(b.alias, 'en', { numeric: true }));
}
