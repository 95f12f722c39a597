import { expect, test } from 'vitest';
import type { LineageGraph } from '../api/types';
import { curve, layoutLineage, nodeHeight, nodeWidth, relatives } from './layout';

function graph(...edges: string[]): LineageGraph {
  const pairs = edges.map((edge) => edge.split('>') as [string, string]);
  const ids = [...new Set(pairs.flat())];
  return { nodes: ids.map((id) => ({ id, run: null, version: null })), edges: pairs.map(([from, to]) => ({ from, to })) };
}

test('everything stands to the right of what it came from, and nothing overlaps', () => {
  const diamond = graph('raw>clean', 'clean>left', 'clean>right', 'left>model', 'right>model');
  const { nodes, edges } = layoutLineage(diamond);
  const at = new Map(nodes.map((n) => [n.node.id, n]));
  for (const { from, to } of edges) expect(at.get(from)!.x + nodeWidth).toBeLessThan(at.get(to)!.x);
  for (const a of nodes) {
    for (const b of nodes) {
      if (a === b) continue;
      expect(Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= nodeHeight).toBe(true);
    }
  }
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

test('a lone node, an empty graph and an edge into nowhere are laid out too', () => {
  expect(layoutLineage({ nodes: [], edges: [] })).toEqual({ nodes: [], edges: [], width: 0, height: 0 });
  const lone = layoutLineage({ nodes: [{ id: 'a' }], edges: [{ from: 'a', to: 'gone' }] });
  expect(lone.nodes).toHaveLength(1);
  expect(lone.edges).toEqual([]);
});

test('a circle (a run that logs what it used) does not hang the layout', () => {
  expect(layoutLineage(graph('v>run', 'run>v')).nodes).toHaveLength(2);
});

test('relatives are ancestors and descendants, not siblings', () => {
  const g = graph('raw>clean', 'clean>left', 'clean>right', 'left>model');
  expect([...relatives(g, 'left')].sort()).toEqual(['clean', 'left', 'model', 'raw']);
  expect([...relatives(graph('a>b', 'b>a'), 'a')].sort()).toEqual(['a', 'b']);
});

test('a line of two points is straight, of more it bends', () => {
  expect(curve([{ x: 0, y: 0 }, { x: 10, y: 5.4 }])).toBe('M0,0L10,5');
  expect(curve([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 20, y: 10 }])).toBe('M0,0Q10,0 20,10');
  expect(curve([])).toBe('');
});
