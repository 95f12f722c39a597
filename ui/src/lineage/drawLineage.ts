// The canvas under the boxes: all lines, and, where the graph is too far away to be read, the boxes too.
import type { Layout, PlacedEdge, PlacedNode } from './layout';
import { nodeHeight, nodeWidth } from './layout';
import type { View } from './usePanZoom';

/** Below this size words cannot be read; then nodes are drawn as plain shapes. */
export const readableScale = 0.42;

export interface Scene {
  layout: Layout;
  focus: string;
  /** Nodes that stand out: the relatives of what is pointed at, or what the search found. Null: all alike. */
  lit: ReadonlySet<string> | null;
}

export interface Palette {
  line: string;
  accent: string;
  run: string;
  version: string;
  border: string;
}

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return { line: color('--line-strong'), accent: color('--accent'), run: color('--idle-soft'), version: color('--accent-soft'), border: color('--muted') };
}

export function drawLineage(canvas: HTMLCanvasElement, { layout, focus, lit }: Scene, view: View, palette: Palette): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);

  const seen = { left: -view.x / view.scale, top: -view.y / view.scale, right: (width - view.x) / view.scale, bottom: (height - view.y) / view.scale };
  const bright: PlacedEdge[] = [];
  const plain: PlacedEdge[] = [];
  for (const edge of layout.edges) {
    if (!crosses(edge, seen)) continue;
    (lit !== null && lit.has(edge.from) && lit.has(edge.to) ? bright : plain).push(edge);
  }
  const thin = Math.max(1.5, 0.7 / view.scale);
  const heads = view.scale >= 0.25;
  context.globalAlpha = lit === null ? 1 : 0.3;
  strokeEdges(context, plain, palette.line, thin, heads);
  context.globalAlpha = 1;
  strokeEdges(context, bright, palette.accent, thin * 1.3, heads);
  if (view.scale < readableScale) {
    for (const node of layout.nodes) {
      if (node.x > seen.right || node.x + nodeWidth < seen.left || node.y > seen.bottom || node.y + nodeHeight < seen.top) continue;
      drawNode(context, node, node.node.id === focus, lit === null || lit.has(node.node.id), palette, thin);
    }
  }
}

function crosses({ points }: PlacedEdge, seen: { left: number; top: number; right: number; bottom: number }): boolean {
  const [first, last] = [points[0]!, points.at(-1)!];
  if (Math.min(first.x, last.x) > seen.right || Math.max(first.x, last.x) < seen.left) return false;
  let top = Infinity;
  let bottom = -Infinity;
  for (const { y } of points) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return top <= seen.bottom && bottom >= seen.top;
}

function strokeEdges(context: CanvasRenderingContext2D, edges: readonly PlacedEdge[], color: string, width: number, heads: boolean): void {
  if (edges.length === 0) return;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  for (const { points } of edges) {
    context.moveTo(points[0]!.x, points[0]!.y);
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1]!, points[i]!];
      if (a.y === b.y) context.lineTo(b.x, b.y);
      else {
        const middle = (a.x + b.x) / 2;
        context.bezierCurveTo(middle, a.y, middle, b.y, b.x, b.y);
      }
    }
  }
  context.stroke();
  if (!heads) return;
  context.fillStyle = color;
  context.beginPath();
  for (const { points } of edges) {
    const { x, y } = points.at(-1)!;
    context.moveTo(x, y);
    context.lineTo(x - 8, y - 4);
    context.lineTo(x - 8, y + 4);
  }
  context.fill();
}

function drawNode(context: CanvasRenderingContext2D, { node, x, y }: PlacedNode, focus: boolean, bright: boolean, palette: Palette, thin: number): void {
  context.globalAlpha = bright ? 1 : 0.35;
  context.beginPath();
  context.roundRect(x, y, nodeWidth, nodeHeight, node.run ? 5 : 26);
  context.fillStyle = focus ? palette.accent : node.run ? palette.run : palette.version;
  context.fill();
  context.lineWidth = focus ? 2 * thin : thin;
  context.strokeStyle = focus ? palette.accent : palette.border;
  context.stroke();
  context.globalAlpha = 1;
}
