// What was made of what.
import type { VersionInfo } from './artifacts';
import type { RunInfo } from './runs';

export interface LineageNode {
  id: string;
  run?: RunInfo | null;
  version?: VersionInfo | null;
  more: number;
}

export interface LineageEdge {
  from: string;
  to: string;
}

export interface LineageGraph {
  nodes: LineageNode[];
  edges: LineageEdge[];
}
