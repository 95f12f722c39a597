// Pictures, tables, plots, histograms, sounds and films of one or several runs, by key. A slider walks through the steps, on
// all of them together.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api, urls } from '../api/client';
import { useSeen } from '../charts/useSeen';
import type { IconName } from '../design/Icon';
import { Card, kit } from '../design/kit';
import { HistogramPanel } from './HistogramPanel';
import type { MediaSearch } from './mediaSearch';
import style from './media.module.css';
import { frameAt, type Shown, shownOf } from './shown';
import { TablePanel } from './TablePanel';

export interface BoardRun {
  id: string;
  label: string;
  color: string;
  tags: Readonly<Record<string, string>>;
}

export interface MediaBoardProps {
  /** Leads the key under which the answer is kept. */
  scope: readonly unknown[];
  runs: readonly BoardRun[];
  /** What of it is in the address. */
  search: MediaSearch;
  onChange: (part: MediaSearch) => void;
  /** Only keys that contain this. */
  q?: string;
  /** What stands here where there is nothing to look at. */
  nothing?: React.ReactNode;
}

const tilesAtFirst = 24;
const icons: Record<Shown['kind'], IconName> = { image: 'image', table: 'columns', html: 'file', audio: 'file', video: 'image', histogram: 'chart', file: 'file' };

export function MediaBoard({ scope, runs, search, onChange, q = '', nothing = null }: MediaBoardProps) {
  const ids = useMemo(() => runs.map(({ id }) => id), [runs]);
  const { data } = useQuery({
    queryKey: [...scope, 'media', ids], queryFn: ({ signal }) => api.media(ids, signal), enabled: ids.length > 0, placeholderData: keepPreviousData,
  });
  const shown = useMemo(() => {
    const tags = new Map(runs.map((run) => [run.id, run.tags]));
    const drawn = data?.runs.filter(({ runId }) => tags.has(runId)) ?? [];
    return shownOf(drawn, (id) => tags.get(id) ?? {});
  }, [data, runs]);
  const wanted = shown.filter(({ key }) => key.toLowerCase().includes(q.toLowerCase()));
  if (data && shown.length === 0) return nothing;
  if (wanted.length === 0) return null;
  return (
    <section aria-label="Media" className={style.board}>
      {wanted.map((one) => <MediaCard key={`${one.kind} ${one.key}`} shown={one} runs={runs} search={search} onChange={onChange} />)}
    </section>
  );
}

interface CardProps extends Pick<MediaBoardProps, 'runs' | 'search' | 'onChange'> {
  shown: Shown;
}

function MediaCard({ shown, runs, search, onChange }: CardProps) {
  const { key, kind, steps } = shown;
  const { step } = search;
  const [seen, place] = useSeen<HTMLDivElement>();
  const at = step === undefined ? steps.length - 1 : Math.max(0, steps.findLastIndex((one) => one <= step));
  return (
    <Card title={<span title={key}>{key}</span>} icon={icons[kind]} more={steps.length > 1 || steps[0] !== 0 ? `step ${steps[at]}` : undefined}>
      <div ref={place} className={style.body}>
        {seen && <Content shown={shown} runs={runs} search={search} onChange={onChange} at={steps[at]} />}
      </div>
      {steps.length > 1 && (
        <input
          type="range" className={style.slider} min={0} max={steps.length - 1} value={at} aria-label={`Step of ${key}`} aria-valuetext={`step ${steps[at]}`}
          onChange={(event) => {
            const to = Number(event.target.value);
            onChange({ step: to === steps.length - 1 ? undefined : steps[to] });
          }}
        />
      )}
    </Card>
  );
}

function Content({ shown, runs, search, onChange, at: step }: CardProps & { at: number | undefined }) {
  const having = runs.filter(({ id }) => shown.frames.has(id));
  const [all, setAll] = useState(false);
  if (shown.kind === 'table') return <TablePanel shown={shown} runs={having} step={step} search={search} onChange={onChange} />;
  if (shown.kind === 'histogram') {
    const run = having.find(({ id }) => id === search.of) ?? having[0]!;
    return (
      <>
        {having.length > 1 && (
          <label className={style.choice}>Run <select value={run.id} onChange={(event) => onChange({ of: event.target.value })}>{having.map(({ id, label }) => <option key={id} value={id}>{label}</option>)}</select></label>
        )}
        <HistogramPanel runId={run.id} name={shown.key} step={step} />
      </>
    );
  }
  return (
    <>
      <div className={style.tiles} data-alone={having.length === 1 || undefined}>
        {having.slice(0, all ? undefined : tilesAtFirst).map((run) => <Tile key={run.id} run={run} shown={shown} step={step} isAlone={runs.length === 1} />)}
      </div>
      {!all && having.length > tilesAtFirst && <button type="button" className={kit.button} onClick={() => setAll(true)}>Show {having.length - tilesAtFirst} more runs</button>}
    </>
  );
}

function Tile({ run, shown, step, isAlone }: { run: BoardRun; shown: Shown; step: number | undefined; isAlone: boolean }) {
  const frames = shown.frames.get(run.id)!;
  const now = frameAt(frames, step)!;
  // Pictures logged together at one step stand together.
  const together = frames.filter((one) => one.step === now.step).slice(0, 16);
  return (
    <figure className={style.tile}>
      {!isAlone && <figcaption><i style={{ background: run.color }} /><Link to="/runs/$runId/media" params={{ runId: run.id }} title={run.label}>{run.label}</Link></figcaption>}
      <div className={style.together}>
        {together.map((frame) => <One key={frame.path} run={run} name={shown.key} kind={shown.kind} frame={frame} />)}
      </div>
    </figure>
  );
}

function One({ run, name, kind, frame }: { run: BoardRun; name: string; kind: Shown['kind']; frame: { step: number; path: string; caption?: string | null | undefined } }) {
  const url = urls.runFile(run.id, frame.path);
  const text = frame.caption ?? `${name} of ${run.label} at step ${frame.step}`;
  return (
    <div>
      {kind === 'image' && <a href={url} target="_blank" rel="noreferrer" title="Open the picture alone"><img src={url} alt={text} loading="lazy" /></a>}
      {kind === 'audio' && <audio controls preload="none" src={url} aria-label={text} />}
      {kind === 'video' && <video controls preload="metadata" src={url} aria-label={text} />}
      {(kind === 'html' || kind === 'file') && <Link to="/runs/$runId/files" params={{ runId: run.id }} search={{ path: frame.path }}>{frame.path.split('/').at(-1)}</Link>}
      {frame.caption && <p className={style.caption} title={frame.caption}>{frame.caption}</p>}
    </div>
  );
}
