import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { LineageNode } from '../api/types';
import { AliasChips } from '../artifacts/AliasChips';
import { TypeIcon } from '../artifacts/TypeIcon';
import { StatusIcon } from '../design/Status';
import { formatBytes } from '../format/numbers';
import { runWords } from '../runs/RunLabel';
import { nodeHeight, nodeWidth } from './layout';
import style from './lineage.module.css';

/** A run (square corners, status) or a version (round corners, aliases); a click opens it. */
export const LineageNodeBox = memo(function LineageNodeBox({ node, x, y, focus, dim, onPoint }: {
  node: LineageNode; x: number; y: number; focus: boolean; dim: boolean; onPoint: (id: string | null) => void;
}) {
  const { run, version } = node;
  const shared = {
    className: `${style.node} ${run ? style.run : style.version} ${focus ? style.focus : ''} ${dim ? style.dimNode : ''}`,
    style: { width: nodeWidth, height: nodeHeight, transform: `translate(${x}px, ${y}px)` },
    onPointerEnter: () => onPoint(node.id), onPointerLeave: () => onPoint(null), onFocus: () => onPoint(node.id), onBlur: () => onPoint(null),
    draggable: false,
  };
  if (run) {
    const { main, more } = runWords(run);
    return (
      <Link to="/runs/$runId" params={{ runId: run.id }} title={[`Run ${run.name}`, run.jobType, run.author].filter(Boolean).join(' · ')} {...shared}>
        <StatusIcon status={run.status} />
        <span className={style.words}>
          <b>{main}</b>
          <small>{[more ?? 'run', run.author].filter(Boolean).join(' · ')}</small>
        </span>
      </Link>
    );
  }
  if (!version) {
    const { onPointerEnter, onPointerLeave, className } = shared;
    return (
      <div className={`${className} ${style.gone}`} style={shared.style} title={`${node.id} was deleted`} onPointerEnter={onPointerEnter} onPointerLeave={onPointerLeave}>
        <span className={style.words}>
          <b>{node.id.slice(node.id.indexOf('/') + 1)}</b>
          <small>deleted</small>
        </span>
      </div>
    );
  }
  return (
    <Link
      to="/artifacts/$experimentId/$name/lineage" params={{ experimentId: version.experimentId, name: version.name }} search={{ v: version.version }}
      title={`${version.name}:${version.version}${version.aliases.length ? ` (${version.aliases.join(', ')})` : ''}`} {...shared}
      aria-current={focus ? 'true' : undefined}
    >
      <TypeIcon type={version.type} size={16} />
      <span className={style.words}>
        <b>{version.name}:{version.version}</b>
        <small>
          {version.aliases.length > 0 ? <AliasChips aliases={version.aliases.map((alias) => ({ alias }))} /> : `${version.type} · ${formatBytes(version.size)}`}
        </small>
      </span>
    </Link>
  );
});
