import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { RunInfo } from '../api/types';
import { Icon, type IconName } from '../design/Icon';
import { count } from '../format/numbers';
import { type Action, usePageActions } from './actions';
import { pages } from './pages';
import style from './palette.module.css';
import { rank, score } from './rank';

interface Entry {
  id: string;
  group: string;
  icon: IconName;
  name: string;
  detail?: string | undefined;
  keys?: string | undefined;
  act: () => void;
}

const mostOfAGroup = 8;

/** Jumps to anything by a few letters of its name, and does what the page offers. */
export function Palette({ actions, onClose }: { actions: readonly Action[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [q, setQ] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => dialog.current?.showModal(), []);
  const entries = useEntries(q.trim(), actions, () => dialog.current?.close());
  const chosen = Math.min(at, entries.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((chosen + (event.key === 'ArrowDown' ? 1 : -1) + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      entries[chosen]?.act();
    }
  };
  return (
    <dialog
      ref={dialog} className={style.palette} aria-label="Go to anything" onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <div className={style.box}>
        <Icon name="search" />
        <input
          type="text" role="combobox" autoFocus value={q} placeholder="Go to an experiment, run, artifact, page … or do something" aria-label="Go to anything" spellCheck={false} autoComplete="off"
          aria-expanded={entries.length > 0} aria-controls={list} aria-autocomplete="list" aria-activedescendant={entries[chosen] ? `${list}-${chosen}` : undefined}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setQ(event.target.value);
            setAt(0);
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <div id={list} role="listbox" aria-label="Found" className={style.list}>
        {entries.map((entry, i) => (
          <div key={entry.id} role="presentation">
            {entries[i - 1]?.group !== entry.group && <div role="presentation" className={style.group}>{entry.group}</div>}
            <div
              id={`${list}-${i}`} role="option" aria-selected={i === chosen} className={style.entry} title={entry.detail ? `${entry.name}, ${entry.detail}` : entry.name}
              ref={i === chosen ? (item) => item?.scrollIntoView({ block: 'nearest' }) : undefined} onPointerMove={() => setAt(i)} onClick={entry.act}
            >
              <Icon name={entry.icon} size={15} />
              <span>{entry.name}</span>
              {entry.detail && <small>{entry.detail}</small>}
              {entry.keys && <kbd>{entry.keys}</kbd>}
            </div>
          </div>
        ))}
        {entries.length === 0 && <p role="presentation">Nothing is called that.</p>}
      </div>
    </dialog>
  );
}

function useEntries(q: string, shellActions: readonly Action[], close: () => void): Entry[] {
  const router = useRouter();
  const asked = useDeferredValue(q);
  const experiments = useQuery(queries.experiments()).data?.experiments ?? [];
  const artifacts = useQuery({ ...queries.allArtifacts(), enabled: q !== '' }).data?.artifacts ?? [];
  const runs = useQuery({
    queryKey: ['palette', 'runs', asked],
    queryFn: ({ signal }) => api.runs({ filter: runFilter(asked), limit: mostOfAGroup }, signal),
    enabled: asked.length > 1, staleTime: 10_000, placeholderData: keepPreviousData, retry: false,
  }).data?.runs.filter(({ run }) => isMeant(run, q)) ?? [];
  const page = usePageActions();

  const go = (to: string) => () => {
    close();
    void router.navigate({ href: to } as never);
  };
  const perform = (action: Action) => () => {
    close();
    action.run();
  };
  const found = [
    ...rank(page, q, ({ action }) => action.name).map(({ group, action }): Entry => ({ id: `do:${group}:${action.name}`, group: 'On this page', icon: 'bolt', name: action.name, keys: action.keys, act: perform(action) })),
    ...rank(experiments, q, ({ name }) => name).slice(0, q === '' ? 5 : mostOfAGroup)
      .map(({ id, name, runCount }): Entry => ({ id: `e:${id}`, group: 'Experiments', icon: 'flask', name, detail: count(runCount, 'run'), act: go(`/experiments/${id}`) })),
    ...(q === '' ? [] : runs).map(({ run }): Entry => ({ id: `r:${run.id}`, group: 'Runs', icon: 'run', name: run.name, detail: [run.experimentName, run.jobType, run.id.slice(0, 8)].filter(Boolean).join(' · '), act: go(`/runs/${run.id}`) })),
    ...(q === '' ? [] : rank(artifacts, q, ({ name }) => name)).slice(0, mostOfAGroup)
      .map((a): Entry => ({ id: `a:${a.experimentId}/${a.name}`, group: 'Artifacts and models', icon: a.type === 'model' ? 'model' : 'box', name: a.name, detail: `${a.type} of ${a.experimentName}`, act: go(`/artifacts/${a.experimentId}/${encodeURIComponent(a.name)}`) })),
    ...rank(pages, q, ({ name }) => name).map(({ name, path, icon }): Entry => ({ id: `p:${path}`, group: 'Pages', icon, name, act: go(path) })),
    ...rank(shellActions.filter(({ enabled }) => enabled !== false), q, ({ name }) => name).map((action): Entry => ({ id: `s:${action.name}`, group: 'Everywhere', icon: 'bolt', name: action.name, keys: action.keys, act: perform(action) })),
  ];
  if (q === '') return found;
  // The kind that holds the best fit comes first; within a kind the order stays.
  const best = new Map<string, number>();
  for (const { group, name } of found) best.set(group, Math.min(best.get(group) ?? 9, score(name.toLowerCase(), q.toLowerCase()) ?? 4));
  return found.sort((a, b) => best.get(a.group)! - best.get(b.group)!);
}

/** Whether what was found for words that are no longer there fits those that are: Enter must open nothing else. */
function isMeant({ id, name }: RunInfo, q: string): boolean {
  const wanted = plain(q).replaceAll(/[\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('_', '.');
  return id.startsWith(q.toLowerCase()) || new RegExp(wanted, 'isu').test(name);
}

/** What the search takes for any character stands in for those that would mean something to it. */
const plain = (q: string): string => q.replaceAll(/['"%\\]/g, '_');

/** Runs by a part of their name, or by the beginning of their id. */
function runFilter(q: string): string {
  const name = `attributes.run_name ILIKE '%${plain(q)}%'`;
  return /^[0-9a-f]{4,32}$/i.test(q) ? `${name} or attributes.run_id LIKE '${q.toLowerCase()}%'` : name;
}
