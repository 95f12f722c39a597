import { useQueries, useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { queries } from '../api/queries';
import { ErrorPanel } from '../design/ErrorPanel';
import { Icon } from '../design/Icon';
import { Bones, Empty, kit, Segments } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import { count } from '../format/numbers';
import { mergeGraphs, nodeWords, oneWay } from './layout';
import style from './lineage.module.css';
import { type LineageSearch, openedNodes } from './lineageSearch';
import { LineageView } from './LineageView';

const depths = [1, 2, 4, 10, 30, 100];

/** The lineage of a run or a version, with what is asked of it: how far, which way, what to find. */
export function LineagePane({ start, search, onSearch, children }: {
  start: string; search: LineageSearch; onSearch: (part: LineageSearch) => void; children?: ReactNode;
}) {
  const { depth = 10, dir, q = '', open } = search;
  const opened = useMemo(() => openedNodes(open), [open]);
  const first = useQuery(queries.lineageAround(start, depth));
  const more = useQueries({ queries: opened.map((id) => queries.lineageAround(id, 1)), combine: answersOf });
  const graph = useMemo(() => {
    if (!first.data) return null;
    return oneWay(more.length === 0 ? first.data : mergeGraphs([first.data, ...more]), start, dir);
  }, [first.data, more, start, dir]);
  const found = useMemo(() => {
    const wanted = q.trim().toLowerCase();
    return wanted === '' || !graph ? null : graph.nodes.filter((node) => nodeWords(node).toLowerCase().includes(wanted)).map((node) => node.id);
  }, [graph, q]);
  // Which of what was found was jumped to; the address that a page is opened with says it too.
  const [goal, setGoal] = useState(search.at);
  const at = goal === undefined || !found ? -1 : found.indexOf(goal);
  const onAt = useCallback((id: string) => onSearch({ at: id === start ? undefined : id }), [onSearch, start]);
  const go = (by: number) => {
    if (!found || found.length === 0) return;
    const next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length]!;
    setGoal(next);
    onAt(next);
  };
  const onMore = useCallback((id: string) => onSearch({ open: [...opened, id].join('|') }), [onSearch, opened]);
  const openedSet = useMemo(() => new Set(opened), [opened]);

  return (
    <>
      <div className={style.toolbar}>
        {children}
        <SearchBox
          value={q} onChange={(text) => onSearch({ q: text || undefined, at: undefined })} placeholder="Find in the graph" label="Find runs and versions in the graph"
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          }}
        />
        {found && (
          <span className={style.matches} role="status">
            {at >= 0 ? `${at + 1} of ${found.length}` : count(found.length, 'match', 'matches')}
            <button type="button" className={kit.bare} onClick={() => go(-1)} title="Previous match (Shift Enter)"><Icon name="up" size={13} label="Previous match" /></button>
            <button type="button" className={kit.bare} onClick={() => go(1)} title="Next match (Enter)"><Icon name="down" size={13} label="Next match" /></button>
          </span>
        )}
        <Segments
          label="Direction" value={dir ?? ''} options={[['', 'Both ways'], ['up', 'Made from'], ['down', 'Made of it']]}
          onChange={(value) => onSearch({ dir: value === '' ? undefined : value })}
        />
        <label>
          Steps
          <select value={depth} title="How many steps around it are shown" onChange={(event) => onSearch({ depth: Number(event.target.value), open: undefined })}>
            {[...new Set([...depths, depth])].sort((a, b) => a - b).map((one) => <option key={one} value={one}>{one}</option>)}
          </select>
        </label>
        {opened.length > 0 && <button type="button" className={kit.button} onClick={() => onSearch({ open: undefined })}><Icon name="reset" size={13} /> Close {opened.length} opened</button>}
        {graph && (
          <span className={style.total}>
            {count(graph.nodes.filter((n) => !n.run).length, 'version')}, {count(graph.nodes.filter((n) => n.run).length, 'run')}
          </span>
        )}
      </div>
      {first.error ? <ErrorPanel error={first.error} onRetry={() => void first.refetch()} /> : !graph ? <Bones lines={8} />
        : graph.nodes.length <= 1 && dir === undefined ? (
          <Empty icon="lineage" title="Nothing is known around it">
            <p>A run that uses an artifact or logs one appears here, with all it came from and all that came of it.</p>
          </Empty>
        ) : <LineageView graph={graph} focus={start} found={found} first={search.at} goal={at >= 0 ? goal : undefined} onAt={onAt} opened={openedSet} onMore={onMore} />}
    </>
  );
}

function answersOf<T>(answers: readonly { data?: T | undefined }[]): T[] {
  return answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
}
