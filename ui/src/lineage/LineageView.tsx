import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { LineageGraph } from '../api/types';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { useTheme } from '../design/theme';
import { count } from '../format/numbers';
import { drawLineage, paletteOf, readableScale } from './drawLineage';
import { kinOf, layoutLineage, nodeHeight, nodeWidth, relatives, stepTo } from './layout';
import style from './lineage.module.css';
import { LineageNodeBox } from './LineageNodeBox';
import { usePanZoom, type View } from './usePanZoom';

export interface LineageViewProps {
  graph: LineageGraph;
  /** The node that the page is about. */
  focus: string;
  /** What the search found, in order; null where nothing is searched for. */
  found: readonly string[] | null;
  /** The node to bring into the middle: the match that was jumped to. */
  goal: string | undefined;
  /** The node that is looked at first, where it is not the focus. */
  first?: string | undefined;
  /** Told of the node that is looked at. */
  onAt: (id: string) => void;
  opened: ReadonlySet<string>;
  onMore: (id: string) => void;
}

interface Seen {
  left: number;
  top: number;
  right: number;
  bottom: number;
  readable: boolean;
}

/** The graph of runs and versions around one of them. Lines are a canvas; boxes exist only where they can be seen. */
export function LineageView({ graph, focus, found, goal, first, onAt, opened, onMore }: LineageViewProps) {
  const layout = useMemo(() => layoutLineage(graph), [graph]);
  const places = useMemo(() => new Map(layout.nodes.map((placed) => [placed.node.id, placed])), [layout]);
  const kin = useMemo(() => kinOf(graph.edges), [graph]);
  const [pointed, setPointed] = useState<string | null>(null);
  const [cursor, setCursor] = useState(focus);
  const [seen, setSeen] = useState<Seen | null>(null);
  const lit = useMemo(() => (pointed !== null ? relatives(kin, pointed) : found !== null ? new Set(found) : null), [kin, pointed, found]);
  const frame = useRef<HTMLDivElement>(null);
  const plane = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const frameRequest = useRef(0);

  const draw = useCallback((view: View) => {
    cancelAnimationFrame(frameRequest.current);
    frameRequest.current = requestAnimationFrame(() => {
      if (canvas.current) drawLineage(canvas.current, { layout, focus, lit }, view, paletteOf(canvas.current));
    });
  }, [layout, focus, lit]);

  const look = useCallback((view: View) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return;
    const exact = { left: -view.x / view.scale, top: -view.y / view.scale, right: (box.width - view.x) / view.scale, bottom: (box.height - view.y) / view.scale };
    const readable = view.scale >= readableScale;
    setSeen((before) => {
      if (before && before.readable === readable && (!readable || (before.left <= exact.left && before.right >= exact.right && before.top <= exact.top && before.bottom >= exact.bottom))) return before;
      const [w, h] = [(exact.right - exact.left) / 2, (exact.bottom - exact.top) / 2];
      return { left: exact.left - w, right: exact.right + w, top: exact.top - h, bottom: exact.bottom + h, readable };
    });
  }, []);

  const onShow = useCallback((view: View) => {
    draw(view);
    look(view);
  }, [draw, look]);
  const { view, show, zoom } = usePanZoom(frame, plane, onShow);

  // What is drawn changed, though nothing was moved.
  useLayoutEffect(() => draw(view.current), [draw, view, theme, seen]);
  useEffect(() => {
    const observer = new ResizeObserver(() => onShow(view.current));
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, [onShow, view]);

  const fit = useCallback((least: number) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || layout.width === 0) return;
    const scale = Math.min(1, Math.max(least, Math.min(box.width / layout.width, box.height / layout.height)));
    const centre = places.get(focus);
    const axis = (room: number, size: number, at: number) => {
      if (size * scale <= room) return (room - size * scale) / 2;
      return Math.min(0, Math.max(room - size * scale, room / 2 - at * scale));
    };
    show({
      scale,
      x: axis(box.width, layout.width, (centre?.x ?? 0) + nodeWidth / 2),
      y: axis(box.height, layout.height, (centre?.y ?? 0) + nodeHeight / 2),
    });
  }, [layout, places, focus, show]);

  const reveal = useCallback((id: string, middle: boolean) => {
    const box = frame.current?.getBoundingClientRect();
    const at = places.get(id);
    if (!box || !at) return;
    const scale = Math.max(view.current.scale, readableScale, middle ? 0.7 : 0);
    const left = at.x * scale + view.current.x;
    const top = at.y * scale + view.current.y;
    const inside = scale === view.current.scale && left >= 8 && top >= 8 && left + nodeWidth * scale <= box.width - 8 && top + nodeHeight * scale <= box.height - 8;
    if (inside && !middle) return;
    show({ scale, x: box.width / 2 - (at.x + nodeWidth / 2) * scale, y: box.height / 2 - (at.y + nodeHeight / 2) * scale });
  }, [places, show, view]);

  // A new focus, or a first look: never too small to read. What does not fit then has its focus in the middle. When a
  // graph grows by what was asked for, the node it grew from stays where it was.
  const before = useRef<{ focus: string; places: typeof places } | null>(null);
  useLayoutEffect(() => {
    const last = before.current;
    before.current = { focus, places };
    const [was, is] = [last?.places.get(cursor), places.get(cursor)];
    if (last === null || last.focus !== focus || !was || !is) {
      fit(0.8);
      const begins = last === null && first !== undefined && places.has(first) ? first : focus;
      setCursor(begins);
      if (begins !== focus) reveal(begins, true);
      return;
    }
    const { x, y, scale } = view.current;
    show({ scale, x: x + (was.x - is.x) * scale, y: y + (was.y - is.y) * scale });
    // Only a change of the graph or of its focus moves the plane; walking with the keys is reveal's.
  }, [focus, places]);
  useEffect(() => {
    if (goal === undefined) return;
    setCursor(goal);
    reveal(goal, true);
  }, [goal, reveal]);

  const more = useCallback((id: string) => {
    setCursor(id);
    onMore(id);
  }, [onMore]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event;
    if (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown') {
      const next = stepTo(layout, kin, cursor, key);
      if (next !== undefined) {
        setCursor(next);
        onAt(next);
        reveal(next, false);
        // The box may come into being only now that it is seen.
        requestAnimationFrame(() => requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus({ preventScroll: true })));
      }
    } else if (key === 'e') {
      if ((places.get(cursor)?.node.more ?? 0) > 0 && !opened.has(cursor)) more(cursor);
    } else if (key === '+' || key === '=') zoom(1.3);
    else if (key === '-') zoom(1 / 1.3);
    else if (key === '0') fit(0.02);
    else return;
    event.preventDefault();
  };

  const nodeAt = (event: MouseEvent) => {
    const box = frame.current!.getBoundingClientRect();
    const x = (event.clientX - box.left - view.current.x) / view.current.scale;
    const y = (event.clientY - box.top - view.current.y) / view.current.scale;
    return layout.nodes.find((node) => x >= node.x && x <= node.x + nodeWidth && y >= node.y && y <= node.y + nodeHeight);
  };
  const shown = seen?.readable
    ? layout.nodes.filter(({ x, y }) => x <= seen.right && x + nodeWidth >= seen.left && y <= seen.bottom && y + nodeHeight >= seen.top)
    : [];
  // The keys must find a way in, also where the box they are at is out of sight.
  const entrance = shown.some(({ node }) => node.id === cursor) ? cursor : shown[0]?.node.id;

  return (
    <div
      ref={frame} className={style.frame} role="group" aria-label="Lineage graph" onKeyDown={onKeyDown}
      aria-description={`${count(layout.nodes.length, 'node')}, ${count(layout.edges.length, 'edge')}. Arrow keys walk along the edges, Enter opens, e shows more, plus and minus zoom.`}
      tabIndex={shown.length === 0 ? 0 : undefined}
    >
      <canvas
        ref={canvas} className={style.canvas}
        onClick={(event) => {
          const hit = seen?.readable ? undefined : nodeAt(event);
          if (hit) {
            setCursor(hit.node.id);
            onAt(hit.node.id);
            reveal(hit.node.id, true);
          }
        }}
        onPointerMove={(event) => {
          if (seen?.readable) return;
          const hit = nodeAt(event)?.node;
          event.currentTarget.title = hit ? `${hit.run?.name ?? (hit.version ? `${hit.version.name}:${hit.version.version}` : hit.id)}: click to come nearer` : '';
        }}
      />
      <div ref={plane} className={style.plane}>
        {shown.map(({ node, x, y }) => (
          <LineageNodeBox
            key={node.id} node={node} x={x} y={y} focus={node.id === focus} current={node.id === entrance} opened={opened.has(node.id)}
            dim={lit !== null && !lit.has(node.id)} onPoint={setPointed} onMore={more} onFocus={setCursor}
          />
        ))}
      </div>
      <div className={style.controls}>
        <button type="button" className={kit.bare} onClick={() => zoom(1.3)} title="Larger (+)"><Icon name="plus" label="Larger" /></button>
        <button type="button" className={kit.bare} onClick={() => zoom(1 / 1.3)} title="Smaller (-)"><Icon name="minus" label="Smaller" /></button>
        <button type="button" className={kit.bare} onClick={() => fit(0.02)} title="Show all (0)"><Icon name="fit" label="Show all" /></button>
      </div>
    </div>
  );
}
