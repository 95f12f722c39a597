// What runs logged by step.
import type { WireNumber } from './wire';

export interface SeriesData {
  key: string;
  count: number;
  sampled: boolean;
  steps: number[];
  times: number[];
  values: WireNumber[];
}

export interface SeriesList {
  series: SeriesData[];
}

export interface MediaInfo {
  key: string;
  step: number;
  time: number;
  kind: string;
  path: string;
  caption?: string | null;
}

export interface RunMedia {
  runId: string;
  media: MediaInfo[];
  files: string[];
}

export interface MediaList {
  runs: RunMedia[];
}

export interface HistogramInfo {
  step: number;
  counts: WireNumber[];
  edges: WireNumber[];
}

export interface HistogramList {
  histograms: HistogramInfo[];
  total: number;
}
