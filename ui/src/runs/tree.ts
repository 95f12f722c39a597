import type { RunRow } from '../api/types';

export interface RunNode {
  row: RunRow;
  children: RunNode[];
}

/**
 * Rows with nested runs under the run that launched them. Siblings keep the order of the list; a run whose parent is
 * not in the list (filtered out, or on a later page) stands at the top level.
 */
export function toTree(rows: readonly RunRow[]): RunNode[] {
  const nodes = new Map<string, RunNode>(rows.map((row) => [row.run.id, { row, children: [] }]));
  const top: RunNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.row.run.parentId ? nodes.get(node.row.run.parentId) : undefined;
    if (parent && !reaches(nodes, parent, node)) parent.children.push(node);
    else top.push(node);
  }
  return top;
}

/** Whether following parents from `from` leads to `to`: such a circle must not swallow its rows. */
function reaches(nodes: ReadonlyMap<string, RunNode>, from: RunNode, to: RunNode): boolean {
  const seen = new Set<RunNode>();
  for (let at: RunNode | undefined = from; at && !seen.has(at); at = nodes.get(at.row.run.parentId ?? '')) {
    if (at === to) return true;
    seen.add(at);
  }
  return false;
}

export function toFlat(rows: readonly RunRow[]): RunNode[] {
  return rows.map((row) => ({ row, children: [] }));
}
