import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LineageGraph } from '../api/types';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { layoutLineage, nodeHeight, nodeWidth, relatives } from './layout';
import { LineageNodeBox } from './LineageNodeBox';
import style from './lineage.module.css';
import { usePanZoom } from './usePanZoom';

/** The graph of runs and versions around one of them. */
export function LineageView({ graph, focus }: { graph: LineageGraph; focus: string }) {
  const layout = useMemo(() => layoutLineage(graph), [graph]);
  const [pointed, setPointed] = useState<string | null>(null);
  const lit = useMemo(() => (pointed === null ? null : relatives(graph, pointed)), [graph, pointed]);
  const frame = useRef<HTMLDivElement>(null);
  const plane = useRef<HTMLDivElement>(null);
  const { show, zoom } = usePanZoom(frame, plane);

  const fit = useCallback((least: number) => {
    const box = frame.current?.getBoundingClientRect();
    if (!box || layout.width === 0) return;
    const scale = Math.min(1, Math.max(least, Math.min(box.width / layout.width, box.height / layout.height)));
    const centre = layout.nodes.find(({ node }) => node.id === focus);
    const axis = (room: number, size: number, at: number) => {
      if (size * scale <= room) return (room - size * scale) / 2;
      return Math.min(0, Math.max(room - size * scale, room / 2 - at * scale));
    };
    show({
      scale,
      x: axis(box.width, layout.width, (centre?.x ?? 0) + nodeWidth / 2),
      y: axis(box.height, layout.height, (centre?.y ?? 0) + nodeHeight / 2),
    });
  }, [layout, focus, show]);
  // At first never too small to read: what does not fit then has its focus in the middle.
  useEffect(() => fit(0.8), [fit]);

  return (
    <div ref={frame} className={style.frame} role="group" aria-label="Lineage graph">
      <div ref={plane} className={style.plane} style={{ width: layout.width, height: layout.height }}>
        <svg className={style.edges} width={layout.width} height={layout.height} aria-hidden="true">
          <defs>
            {['arrow', 'lit-arrow'].map((id) => (
              <marker key={id} id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="10" markerHeight="10" orient="auto" markerUnits="userSpaceOnUse">
                <path d="M0 0.6 8 4 0 7.4z" />
              </marker>
            ))}
          </defs>
          {layout.edges.map(({ from, to, path }) => {
            const bright = lit !== null && lit.has(from) && lit.has(to);
            return (
              <path
                key={`${from} ${to}`} d={path} markerEnd={bright ? 'url(#lit-arrow)' : 'url(#arrow)'}
                className={lit === null ? undefined : bright ? style.lit : style.dim}
              />
            );
          })}
        </svg>
        {layout.nodes.map(({ node, x, y }) => (
          <LineageNodeBox
            key={node.id} node={node} x={x} y={y} focus={node.id === focus} dim={lit !== null && !lit.has(node.id)}
            onPoint={setPointed}
          />
        ))}
      </div>
      <div className={style.controls}>
        <button type="button" className={kit.bare} onClick={() => zoom(1.3)} title="Larger"><Icon name="plus" label="Larger" /></button>
        <button type="button" className={kit.bare} onClick={() => zoom(1 / 1.3)} title="Smaller"><Icon name="minus" label="Smaller" /></button>
        <button type="button" className={kit.bare} onClick={() => fit(0.1)} title="Show all"><Icon name="fit" label="Show all" /></button>
      </div>
    </div>
  );
}
