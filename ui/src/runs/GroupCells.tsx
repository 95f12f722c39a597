import { Icon } from '../design/Icon';
import { TimeAgo } from '../design/Time';
import { StatusIcon } from '../design/Status';
import { formatNumber, shortNumber } from '../format/numbers';
import { duration } from '../format/time';
import type { RunAggregateInfo, RunGroupInfo } from '../api/types';
import { columnTitle, isNumeric } from './RunCell';
import { groupValue, type TableLine } from './rows';
import { cellClass, cellStyle, type Placed, type RunsTableProps } from './RunsTable';
import style from './runs.module.css';

type GroupLine = Extract<TableLine, { kind: 'group' }>;

/** The line of a group: what its runs have in common, and in each column what their values come to. */
export function GroupCells({ line, placed, table }: { line: GroupLine; placed: readonly Placed[]; table: RunsTableProps }) {
  const { group, open, id } = line;
  const words = table.by.map((column, i) => `${columnTitle(column)}: ${group.values[i] ?? 'none'}`).join(', ');
  return (
    <>
      <div role="cell" className={`${style.cell} ${style.mark}`}>
        <input type="checkbox" checked={false} aria-label={`Choose the runs of ${words}`} title="Choose the runs of the group (x)" onChange={() => table.onSelectGroup(id)} />
      </div>
      {placed.map((place) => (
        <div
          key={place.column.id} role="cell" style={cellStyle(place)}
          className={`${style.cell} ${isNumeric(place.column) ? style.right : ''} ${cellClass(place)}`}
        >
          {place.column.id === 'name' ? (
            <span className={style.name} title={words}>
              <button type="button" className={style.toggle} aria-expanded={open} onClick={() => table.onOpen(line)}>
                <Icon name={open ? 'down' : 'right'} size={12} label={`${open ? 'Hide' : 'Show'} the runs of ${words}`} />
              </button>
              <span className={style.groupName}>
                {table.by.map((column, i) => (
                  <span key={column.id}><small>{columnTitle(column)}</small> <span>{group.values[i] == null ? <em>none</em> : shortNumber(group.values[i])}</span></span>
                ))}
              </span>
              <span className={style.nested}>{group.runs}</span>
            </span>
          ) : <Sum group={group} place={place} table={table} />}
        </div>
      ))}
    </>
  );
}

function Sum({ group, place, table }: { group: RunGroupInfo; place: Placed; table: RunsTableProps }) {
  const { column } = place;
  if (column.id === 'started') return <TimeAgo at={group.lastStartedAt} />;
  if (column.id === 'status') {
    return (
      <span className={style.groupStatus}>
        {group.running > 0 && <span title={`${group.running} running`}><StatusIcon status="running" size={14} titled={false} /> {group.running}</span>}
        {group.failed > 0 && <span title={`${group.failed} failed`}><StatusIcon status="failed" size={14} titled={false} /> {group.failed}</span>}
      </span>
    );
  }
  const { number, only } = groupValue(group, column, table.of, table.agg);
  const sum = column.id === 'duration' ? group.duration : group.aggregates[table.of.findIndex(({ id }) => id === column.id)];
  const write = (value: number) => (column.id === 'duration' ? duration(value) : formatNumber(value));
  if (number !== null && sum) {
    return <span className={style.number} title={describe(sum, group.runs, write)}>{table.agg === 'count' ? formatNumber(number) : write(number)}</span>;
  }
  return only !== null ? <span className={style.value} title={`${only}, in every run that has a value`}>{only}</span> : <span className={style.none} aria-label="none">–</span>;
}

function describe({ count, mean, least, greatest }: RunAggregateInfo, runs: number, write: (value: number) => string): string {
  return `mean ${write(Number(mean))}, from ${write(Number(least))} to ${write(Number(greatest))}, in ${count} of ${runs} runs`;
}
