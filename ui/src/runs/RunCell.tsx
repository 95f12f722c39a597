import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Json, RunRow, WireNumber } from '../api/types';
import { Icon } from '../design/Icon';
import { LongName } from '../design/LongName';
import { Person } from '../design/kit';
import { StatusIcon, StatusWord } from '../design/Status';
import { Duration, TimeAgo } from '../design/Time';
import { formatJson, formatNumber, shortNumber } from '../format/numbers';
import { attributeColumns, type Column } from './columns';
import { MadeHolders } from './holders';
import { cellClass, cellStyle, type Placed } from './RunsTable';
import style from './runs.module.css';

export function columnTitle(column: Column): string {
  return column.kind === 'attribute' ? attributeColumns[column.id].title : column.key;
}

export function columnWidth(column: Column): number {
  if (column.kind === 'attribute') return attributeColumns[column.id].width;
  // Letters, and room for the sort mark and the menu.
  const wanted = column.key.length * 7.6 + 66;
  return Math.round(Math.max(column.kind === 'metrics' ? 104 : 116, Math.min(220, wanted)));
}

export function isNumeric(column: Column): boolean {
  return column.kind === 'metrics' || column.id === 'duration';
}

interface CellProps {
  place: Placed;
  row: RunRow;
  depth: number;
  /** How many runs it launched. */
  nested: number;
  /** Some line has a switch before its name, so all leave place for one. */
  indent: boolean;
  open: boolean;
  onToggle: () => void;
}

export const RunCell = memo(function RunCell(props: CellProps) {
  const { place } = props;
  return (
    <div role="cell" className={`${style.cell} ${isNumeric(place.column) ? style.right : ''} ${cellClass(place)}`} style={cellStyle(place)}>
      <Content {...props} />
    </div>
  );
}, (before, now) => before.row === now.row && before.place === now.place && before.depth === now.depth && before.nested === now.nested && before.indent === now.indent && before.open === now.open);

function Content({ place: { column }, row, depth, nested, indent, open, onToggle }: CellProps) {
  const { run } = row;
  switch (column.kind) {
    case 'metrics': return <Metric value={row.metrics[column.key]} />;
    case 'params': return <Value value={row.params[column.key]} />;
    case 'tags': return <Value value={row.tags[column.key]} />;
    case 'attribute': break;
  }
  switch (column.id) {
    case 'status': return <span className={style.status}><StatusIcon status={run.status} titled={false} /> <StatusWord status={run.status} /></span>;
    case 'name': return (
      <span className={style.name} style={{ paddingLeft: depth * 18 }}>
        {nested > 0 ? (
          <button type="button" className={style.toggle} aria-expanded={open} onClick={onToggle} title={`${open ? 'Hide' : 'Show'} ${nested} nested runs`}>
            <Icon name={open ? 'down' : 'right'} size={12} label={`${open ? 'Hide' : 'Show'} nested runs of ${run.name}`} />
          </button>
        ) : indent && <span className={style.toggle} />}
        <StatusIcon status={run.status} size={15} />
        <Link to="/runs/$runId" params={{ runId: run.id }} title={run.name} aria-label={run.name}><LongName name={run.name} /></Link>
        <MadeHolders runId={run.id} />
        {run.state === 'deleted' && <span className={style.nested}>deleted</span>}
        {nested > 0 && !open && <span className={style.nested}>{nested}</span>}
      </span>
    );
    case 'jobType': return run.jobType ? <span title={run.jobType}>{run.jobType}</span> : <None />;
    case 'author': return <Person name={run.author} />;
    case 'started': return <TimeAgo at={run.startedAt} />;
    case 'duration': return run.status === 'scheduled' ? <None /> : <Duration from={run.startedAt} to={run.endedAt} />;
  }
}

function Metric({ value }: { value: WireNumber | undefined }) {
  return value === undefined ? <None /> : <span className={style.number} title={String(value)}>{formatNumber(value)}</span>;
}

function Value({ value }: { value: Json | undefined }) {
  if (value === undefined) return <None />;
  const text = formatJson(value);
  return <span className={style.value} title={text}>{shortNumber(text)}</span>;
}

function None() {
  return <span className={style.none} aria-label="none">–</span>;
}
