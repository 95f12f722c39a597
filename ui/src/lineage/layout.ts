// A lineage graph → places on a plane, from left (what came first) to right.
import type { LineageGraph, LineageNode } from '../api/types';
import { placeInColumns } from './layers';

export const nodeWidth = 200;
export const nodeHeight = 52;
const columnGap = 56;

export interface PlacedNode {
  node: LineageNode;
  /** Left upper corner. */
  x: number;
  y: number;
  column: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface PlacedEdge {
  from: string;
  to: string;
  /** From the right side of the one to the left side of the other, with the bends between. */
  points: Point[];
}

export interface Layout {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

export function layoutLineage({ nodes, edges }: Pick<LineageGraph, 'nodes' | 'edges'>): Layout {
  const number = new Map(nodes.map(({ id }, i) => [id, i]));
  // An edge to a node that the answer left out (too deep) has nowhere to go.
  const known = edges.filter(({ from, to }) => from !== to && number.has(from) && number.has(to));
  const placed = placeInColumns(nodes.length, known.map(({ from, to }) => [number.get(from)!, number.get(to)!] as const), {
    width: nodeWidth, height: nodeHeight, columnGap, rowGap: 16, margin: 24,
  });
  return {
    nodes: nodes.map((node, i) => ({ node, x: placed.x[i]!, y: placed.y[i]!, column: placed.column[i]! })),
    edges: known.map(({ from, to }, i) => {
      const [a, b] = [number.get(from)!, number.get(to)!];
      const start = { x: placed.x[a]! + nodeWidth, y: placed.y[a]! + nodeHeight / 2 };
      const points = [start];
      placed.bends[i]?.forEach((y, n) => {
        const x = placed.x[a]! + (n + 1) * (nodeWidth + columnGap);
        points.push({ x, y }, { x: x + nodeWidth, y });
      });
      points.push({ x: placed.x[b]!, y: placed.y[b]! + nodeHeight / 2 });
      return { from, to, points };
    }),
    width: placed.width,
    height: placed.height,
  };
}

/** Neighbours of every node in both directions: asked for with every step of the pointer, so made once for a graph. */
export interface Kin {
  parents: Map<string, string[]>;
  children: Map<string, string[]>;
}

export function kinOf(edges: LineageGraph['edges']): Kin {
  const kin: Kin = { parents: new Map(), children: new Map() };
  const add = (map: Map<string, string[]>, key: string, value: string) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const { from, to } of edges) {
    add(kin.children, from, to);
    add(kin.parents, to, from);
  }
  return kin;
}

export type Direction = 'up' | 'down';

/** The node itself, all it came from (`up`) and all that came from it (`down`). */
export function relatives(kin: Kin, id: string, directions: readonly Direction[] = ['up', 'down']): Set<string> {
  const related = new Set([id]);
  for (const direction of directions) {
    const next = direction === 'up' ? kin.parents : kin.children;
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

/** The part of a graph that is related to a node in the given directions. */
export function oneWay(graph: LineageGraph, id: string, direction: Direction | undefined): LineageGraph {
  if (direction === undefined) return graph;
  const kept = relatives(kinOf(graph.edges), id, [direction]);
  return {
    nodes: graph.nodes.filter((node) => kept.has(node.id)),
    edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}

/** Several answers as one graph; a node that one of them knows to the end has nothing more. */
export function mergeGraphs(graphs: readonly LineageGraph[]): LineageGraph {
  const nodes = new Map<string, LineageNode>();
  const edges = new Map<string, LineageGraph['edges'][number]>();
  for (const graph of graphs) {
    for (const node of graph.nodes) {
      const before = nodes.get(node.id);
      nodes.set(node.id, before ? { ...before, more: Math.min(before.more, node.more) } : node);
    }
    for (const edge of graph.edges) edges.set(`${edge.from} ${edge.to}`, edge);
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** Where an arrow key leads: along the edges to the nearest neighbour, or up and down within the column. */
export function stepTo(layout: Layout, kin: Kin, id: string, key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'): string | undefined {
  const at = layout.nodes.find(({ node }) => node.id === id);
  if (!at) return layout.nodes[0]?.node.id;
  const beside = key === 'ArrowLeft' ? kin.parents.get(id) : key === 'ArrowRight' ? kin.children.get(id) : undefined;
  const wanted = new Set(beside ?? []);
  const candidates = key === 'ArrowLeft' || key === 'ArrowRight'
    ? layout.nodes.filter(({ node }) => wanted.has(node.id))
    : layout.nodes.filter(({ column, y }) => column === at.column && (key === 'ArrowUp' ? y < at.y : y > at.y));
  let best: PlacedNode | undefined;
  for (const one of candidates) {
    if (!best || Math.abs(one.y - at.y) < Math.abs(best.y - at.y)) best = one;
  }
  return best?.node.id;
}

/** What a node is called and found by. */
export function nodeWords(node: LineageNode): string {
  if (node.run) return [node.run.name, node.run.jobType, node.run.author, node.run.experimentName].filter(Boolean).join(' ');
  if (node.version) return [`${node.version.name}:${node.version.version}`, node.version.type, ...node.version.aliases, node.version.experimentName].join(' ');
  return node.id.slice(node.id.indexOf(':') + 1);
}
