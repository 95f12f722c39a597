import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries } from '../api/queries';
import type { RunDetail, VersionDetail } from '../api/types';
import { type JudgedMetric, judges, metricsOf } from './versionMetrics';

export interface JudgedVersion {
  detail: VersionDetail | undefined;
  metrics: Map<string, JudgedMetric>;
  waiting: boolean;
}

/**
 * A version with the metrics of the runs that made and used it, those first that also judged `against`; nothing is asked where
 * there is no version.
 */
export function useVersionMetrics(experimentId: string, name: string, version: string | undefined, against: string | undefined): JudgedVersion {
  const asked = useQuery({ ...queries.version(experimentId, name, version ?? ''), enabled: version !== undefined });
  const other = useQuery({ ...queries.version(experimentId, name, against ?? ''), enabled: against !== undefined });
  const detail = asked.data?.version.version === version ? asked.data : undefined;
  const beside = other.data?.version.version === against ? other.data : undefined;
  // Only models are judged by metrics: a run's loss says nothing of the data set that it read.
  const ids = useMemo(() => (detail?.version.type === 'model' ? judges(detail, beside) : []), [detail, beside]);
  const runs = useQueries({ queries: ids.map((id) => queries.run(id)), combine: detailsOf });
  const metrics = useMemo(() => (version === undefined ? new Map<string, JudgedMetric>() : metricsOf(runs, { experimentId, name, version })), [runs, experimentId, name, version]);
  return { detail, metrics, waiting: version !== undefined && (!detail || (other.isPending && against !== undefined) || runs.length < ids.length) };
}

function detailsOf(answers: readonly { data?: RunDetail | undefined }[]): RunDetail[] {
  return answers.flatMap(({ data }) => (data ? [data] : []));
}
