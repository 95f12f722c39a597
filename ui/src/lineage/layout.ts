// A lineage graph → places on a plane, from left (what came first) to right.
import { graphlib, layout as arrange } from '@dagrejs/dagre';
import type { LineageGraph, LineageNode } from '../api/types';

export const nodeWidth = 200;
export const nodeHeight = 52;

export interface PlacedNode {
  node: LineageNode;
  /** Left upper corner. */
  x: number;
  y: number;
}

export interface PlacedEdge {
  from: string;
  to: string;
  /** An SVG path. */
  path: string;
}

export interface Layout {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

export function layoutLineage({ nodes, edges }: LineageGraph): Layout {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 46, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight });
  // An edge to a node that the answer left out (too deep) has nowhere to go.
  const known = edges.filter(({ from, to }) => graph.hasNode(from) && graph.hasNode(to));
  for (const { from, to } of known) graph.setEdge(from, to);
  arrange(graph);
  const size = graph.graph() as { width?: number; height?: number };
  return {
    nodes: nodes.map((node) => {
      const { x, y } = graph.node(node.id) as { x: number; y: number };
      return { node, x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
    }),
    edges: known.map(({ from, to }) => ({ from, to, path: curve((graph.edge(from, to) as { points: Point[] }).points) })),
    width: nodes.length === 0 ? 0 : size.width ?? 0,
    height: nodes.length === 0 ? 0 : size.height ?? 0,
  };
}

interface Point {
  x: number;
  y: number;
}

/** A smooth line through the bends: straight ends, curves from the middle of one part to the middle of the next. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${round(first)}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const [bend, next] = [rest[i]!, rest[i + 1]!];
    const middle = i === rest.length - 2 ? next : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 };
    path += `Q${round(bend)} ${round(middle)}`;
  }
  return rest.length === 1 ? `${path}L${round(rest[0]!)}` : path;
}

function round({ x, y }: Point): string {
  return `${Math.round(x)},${Math.round(y)}`;
}

/** The node itself, all it came from and all that came from it. */
export function relatives({ edges }: Pick<LineageGraph, 'edges'>, id: string): Set<string> {
  const related = new Set([id]);
  for (const [here, there] of [['from', 'to'], ['to', 'from']] as const) {
    const next = new Map<string, string[]>();
    for (const edge of edges) next.set(edge[here], [...(next.get(edge[here]) ?? []), edge[there]]);
    const seen = new Set([id]);
    const queue = [id];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const other of next.get(at) ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        related.add(other);
        queue.push(other);
      }
    }
  }
  return related;
}
