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

export interface NodeBoxProps {
  node: LineageNode;
  x: number;
  y: number;
  focus: boolean;
  /** The one that the keys are at. */
  current: boolean;
  dim: boolean;
  opened: boolean;
  onPoint: (id: string | null) => void;
  onMore: (id: string) => void;
  onFocus: (id: string) => void;
}

/** A run (square corners, status) or a version (round corners, aliases); a click opens it, "+3" shows what is beside it. */
export const LineageNodeBox = memo(function LineageNodeBox({ node, x, y, focus, current, dim, opened, onPoint, onMore, onFocus }: NodeBoxProps) {
  return (
    <div
      className={`${style.place} ${dim ? style.dimNode : ''}`} style={{ width: nodeWidth, height: nodeHeight, transform: `translate(${x}px, ${y}px)` }}
      onPointerEnter={() => onPoint(node.id)} onPointerLeave={() => onPoint(null)} onFocus={() => onFocus(node.id)}
    >
      <NodeLink node={node} focus={focus} current={current} />
      {node.more > 0 && !opened && (
        <button
          type="button" className={style.more} tabIndex={-1} onClick={() => onMore(node.id)}
          title={`${node.more} more beside it: show them (e)`} aria-label={`Show ${node.more} more beside ${shortName(node)}`}
        >
          +{node.more}
        </button>
      )}
    </div>
  );
});

function shortName({ id, run, version }: LineageNode): string {
  return run ? run.name : version ? `${version.name}:${version.version}` : id;
}

function NodeLink({ node, focus, current }: { node: LineageNode; focus: boolean; current: boolean }) {
  const { run, version } = node;
  const shared = {
    className: `${style.node} ${run ? style.run : style.version} ${focus ? style.focus : ''}`, draggable: false, 'data-node': node.id, tabIndex: current ? 0 : -1,
  };
  if (run) {
    const { main, more } = runWords(run);
    return (
      <Link
        to="/runs/$runId/lineage" params={{ runId: run.id }} title={[`Run ${run.name}`, run.jobType, run.author, run.experimentName].filter(Boolean).join(' · ')}
        aria-current={focus ? 'true' : undefined} {...shared}
      >
        <StatusIcon status={run.status} />
        <span className={style.words}>
          <b>{main}</b>
          <small>{[more ?? 'run', run.author].filter(Boolean).join(' · ')}</small>
        </span>
      </Link>
    );
  }
  if (!version) {
    return (
      <div className={`${shared.className} ${style.gone}`} data-node={node.id} tabIndex={shared.tabIndex} title={`${node.id} was deleted`}>
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
      title={`${version.name}:${version.version}${version.aliases.length ? ` (${version.aliases.join(', ')})` : ''} · ${version.type} · ${formatBytes(version.size)} · ${version.experimentName}`} {...shared}
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
}
