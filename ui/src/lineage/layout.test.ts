import { expect, test } from 'vitest';
import type { LineageGraph } from '../api/types';
import { kinOf, layoutLineage, mergeGraphs, nodeHeight, nodeWidth, oneWay, relatives, stepTo } from './layout';

function graph(...edges: string[]): LineageGraph {
  const pairs = edges.map((edge) => edge.split('>') as [string, string]);
  const ids = [...new Set(pairs.flat())];
  return { nodes: ids.map((id) => ({ id, run: null, version: null, more: 0 })), edges: pairs.map(([from, to]) => ({ from, to })) };
}

function expectNoOverlap({ nodes }: ReturnType<typeof layoutLineage>): void {
  const columns = new Map<number, number[]>();
  for (const { x, y } of nodes) columns.set(x, [...(columns.get(x) ?? []), y]);
  for (const ys of columns.values()) {
    ys.sort((a, b) => a - b);
    for (let i = 1; i < ys.length; i++) expect(ys[i]! - ys[i - 1]!).toBeGreaterThanOrEqual(nodeHeight - 0.001);
  }
}

test('everything stands to the right of what it came from, and nothing overlaps', () => {
  const diamond = graph('raw>clean', 'clean>left', 'clean>right', 'left>model', 'right>model', 'raw>model');
  const layout = layoutLineage(diamond);
  const at = new Map(layout.nodes.map((n) => [n.node.id, n]));
  for (const { from, to } of layout.edges) expect(at.get(from)!.x + nodeWidth).toBeLessThan(at.get(to)!.x);
  expectNoOverlap(layout);
});

test('an edge over several columns leads around the nodes between', () => {
  const { nodes, edges } = layoutLineage(graph('a>b', 'b>c', 'a>c'));
  const b = nodes.find((n) => n.node.id === 'b')!;
  const long = edges.find((e) => e.from === 'a' && e.to === 'c')!;
  expect(long.points).toHaveLength(4);
  for (const { y } of long.points.slice(1, 3)) expect(y < b.y || y > b.y + nodeHeight).toBe(true);
});

test('all nodes lie within the size told', () => {
  const { nodes, width, height } = layoutLineage(graph('a>b', 'a>c', 'd>c'));
  for (const { x, y } of nodes) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + nodeWidth).toBeLessThanOrEqual(width);
    expect(y + nodeHeight).toBeLessThanOrEqual(height);
  }
});

test('a chain is straight, and what only one node needs stands next to it', () => {
  const { nodes } = layoutLineage(graph('a>b', 'b>c', 'c>d', 'late>d'));
  const at = new Map(nodes.map((n) => [n.node.id, n]));
  expect(at.get('a')!.y).toBeCloseTo(at.get('b')!.y);
  expect(at.get('late')!.column).toBe(at.get('d')!.column - 1);
});

test('a lone node, an empty graph and an edge into nowhere are laid out too', () => {
  expect(layoutLineage({ nodes: [], edges: [] })).toEqual({ nodes: [], edges: [], width: 0, height: 0 });
  const lone = layoutLineage({ nodes: [{ id: 'a', more: 0 }], edges: [{ from: 'a', to: 'gone' }, { from: 'a', to: 'a' }] });
  expect(lone.nodes).toHaveLength(1);
  expect(lone.edges).toEqual([]);
});

test('a circle (a run that logs what it used) does not hang the layout', () => {
  const layout = layoutLineage(graph('v>run', 'run>v', 'v>other', 'other>last', 'last>v'));
  expect(layout.nodes).toHaveLength(4);
  expect(layout.edges).toHaveLength(5);
  expectNoOverlap(layout);
});

test('two thousand nodes, a long chain and a wide fan are laid out without overlap', () => {
  const edges: string[] = [];
  for (let i = 0; i < 1000; i++) {
    edges.push(`v${i}>r${i}`, `r${i}>v${i + 1 + (i % 7)}`);
    if (i % 5 === 0) edges.push(`v${Math.floor(i / 2)}>r${i}`);
  }
  const many = layoutLineage(graph(...edges));
  expect(many.nodes.length).toBeGreaterThan(1990);
  expectNoOverlap(many);
  expectNoOverlap(layoutLineage(graph(...Array.from({ length: 900 }, (_, i) => `data>r${i}`))));
  expect(layoutLineage(graph(...Array.from({ length: 5000 }, (_, i) => `n${i}>n${i + 1}`))).nodes).toHaveLength(5001);
});

test('relatives are ancestors and descendants, not siblings', () => {
  const kin = kinOf(graph('raw>clean', 'clean>left', 'clean>right', 'left>model').edges);
  expect([...relatives(kin, 'left')].sort()).toEqual(['clean', 'left', 'model', 'raw']);
  expect([...relatives(kin, 'left', ['up'])].sort()).toEqual(['clean', 'left', 'raw']);
  expect([...relatives(kinOf(graph('a>b', 'b>a').edges), 'a')].sort()).toEqual(['a', 'b']);
});

test('one direction leaves out what is only beside it', () => {
  const g = graph('raw>clean', 'clean>left', 'clean>right', 'left>model');
  expect(oneWay(g, 'left', 'down').nodes.map((n) => n.id)).toEqual(['left', 'model']);
  expect(oneWay(g, 'left', undefined)).toBe(g);
});

test('answers merge into one graph; whoever was asked to the end has no more', () => {
  const first: LineageGraph = { nodes: [{ id: 'a', more: 0 }, { id: 'b', more: 2 }], edges: [{ from: 'a', to: 'b' }] };
  const second: LineageGraph = { nodes: [{ id: 'b', more: 0 }, { id: 'c', more: 1 }], edges: [{ from: 'b', to: 'c' }, { from: 'a', to: 'b' }] };
  const { nodes, edges } = mergeGraphs([first, second]);
  expect(nodes.map((n) => [n.id, n.more])).toEqual([['a', 0], ['b', 0], ['c', 1]]);
  expect(edges).toHaveLength(2);
});

test('arrow keys walk along the edges and within a column', () => {
  const g = graph('raw>left', 'raw>right', 'left>model');
  const layout = layoutLineage(g);
  const kin = kinOf(g.edges);
  expect(stepTo(layout, kin, 'model', 'ArrowLeft')).toBe('left');
  expect(stepTo(layout, kin, 'left', 'ArrowLeft')).toBe('raw');
  expect(stepTo(layout, kin, 'raw', 'ArrowLeft')).toBeUndefined();
  const [upper, lower] = layout.nodes.filter((n) => n.column === 1).sort((a, b) => a.y - b.y).map((n) => n.node.id);
  expect(stepTo(layout, kin, upper!, 'ArrowDown')).toBe(lower);
});
