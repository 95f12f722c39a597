import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { ArtifactDetail } from '../api/types';
import { historyOf, holderBefore } from './history';

/** The version that a rollback of the alias leads to; undefined where there is none, or it is not known yet. */
export function useHolderBefore(detail: ArtifactDetail, alias: string): string | undefined {
  const { experimentId, name } = detail.artifact;
  const { data } = useQuery(queries.decisions(experimentId, name));
  return useMemo(() => {
    const exists = new Set(detail.versions.map(({ version }) => version));
    return data && holderBefore(historyOf(detail.aliasHistory, data.decisions), alias, detail.artifact.aliases[alias], (version) => exists.has(version));
  }, [detail, alias, data]);
}
