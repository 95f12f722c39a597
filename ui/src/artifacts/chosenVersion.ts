import type { ArtifactDetail } from '../api/types';
import { isWeighty } from './AliasChips';

/** The version of the address (a version or an alias); else the one in production, else the newest. */
export function chosenVersion({ artifact, versions }: ArtifactDetail, asked: string | undefined): string {
  if (asked !== undefined) return artifact.aliases[asked] ?? asked;
  const weighty = Object.keys(artifact.aliases).find(isWeighty);
  return (weighty && artifact.aliases[weighty]) ?? versions[0]?.version ?? 'v0';
}
