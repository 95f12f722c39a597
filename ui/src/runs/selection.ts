// Which runs are chosen and which are drawn: one truth for the table, the charts and every other page that shows several
// runs, held in the address so that a link shows the same. A run's colour is the same wherever it appears.
//
//   sel=id,id    runs chosen for an action or a comparison; `sel=all`: all that the filter finds
//   hide=id,id   runs that the charts leave out; everything else is drawn
//   show=id,id   only these are drawn (so that one of very many can be looked at); `show=none` draws nothing
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useSyncExternalStore } from 'react';
import { colors } from './runColors';

export interface SelectionSearch {
  sel?: string | undefined;
  hide?: string | undefined;
  show?: string | undefined;
}

export interface Selection {
  /** In the order in which they were chosen; none by name where all are. */
  selected: readonly string[];
  /** Everything that the filter finds is chosen. */
  all: boolean;
  isSelected: (id: string) => boolean;
  isShown: (id: string) => boolean;
}

/** So many ids fit into an address that every server and browser takes. */
export const mostSelected = 200;
const everything = 'all';

const split = (ids: string | undefined) => (ids ? ids.split(',').filter((id) => id !== '') : []);
const join = (ids: Iterable<string>) => [...ids].join(',') || undefined;

export function readSelection({ sel, hide, show }: SelectionSearch): Selection {
  const all = sel === everything;
  const selected = all ? [] : [...new Set(split(sel))];
  const chosen = new Set(selected);
  const hidden = new Set(split(hide));
  const only = show === undefined ? null : new Set(split(show));
  return { selected, all, isSelected: (id) => all || chosen.has(id), isShown: (id) => (only ? only.has(id) : !hidden.has(id)) };
}

/** The address with these runs chosen, and no others. */
export const withSelected = (ids: Iterable<string>): SelectionSearch => ({ sel: join([...new Set(ids)].slice(0, mostSelected)) });

/** The address with a run added to the chosen ones, or taken from them. */
export function toggleSelected(search: SelectionSearch, id: string): SelectionSearch {
  const ids = new Set(search.sel === everything ? [] : split(search.sel));
  if (!ids.delete(id)) ids.add(id);
  return withSelected(ids);
}

/** The address with a run drawn that was not, or the other way round. */
export function toggleShown(search: SelectionSearch, id: string): SelectionSearch {
  const only = search.show !== undefined;
  const ids = new Set(split(only ? search.show : search.hide));
  ids.delete('none');
  if (!ids.delete(id)) ids.add(id);
  return only ? { show: join(ids) ?? 'none', hide: undefined } : { hide: join(ids), show: undefined };
}

export const showAll: SelectionSearch = { hide: undefined, show: undefined };
export const showNone: SelectionSearch = { hide: undefined, show: 'none' };
export const showOnly = (ids: Iterable<string>): SelectionSearch => ({ hide: undefined, show: join(ids) ?? 'none' });

export interface SelectionActions extends Selection {
  toggleSelected: (id: string) => void;
  select: (ids: Iterable<string>) => void;
  selectAll: () => void;
  toggleShown: (id: string) => void;
  /** Draws all, none, or just these. */
  setShown: (which: 'all' | 'none' | readonly string[]) => void;
}

/** The selection of the page that is open, and the ways to change it. */
export function useSelection(): SelectionActions {
  const search = useSearch({ strict: false }) as SelectionSearch;
  const navigate = useNavigate();
  const { sel, hide, show } = search;
  return useMemo(() => {
    const change = (part: (now: SelectionSearch) => SelectionSearch) => void navigate({
      to: '.', search: ((now: SelectionSearch) => ({ ...now, ...part(now) })) as never, replace: true, resetScroll: false,
    });
    return {
      ...readSelection({ sel, hide, show }),
      toggleSelected: (id) => change((now) => toggleSelected(now, id)),
      select: (ids) => change(() => withSelected(ids)),
      selectAll: () => change(() => ({ sel: everything })),
      toggleShown: (id) => change((now) => toggleShown(now, id)),
      setShown: (which) => change(() => (which === 'all' ? showAll : which === 'none' ? showNone : showOnly(which))),
    };
  }, [sel, hide, show, navigate]);
}

/** A run's colour as CSS: `var(--run-3)`. */
export function useRunColor(id: string): string {
  useSyncExternalStore(colors.subscribe, colors.version);
  return colors.css(id);
}

/** Colours of several runs, for charts: renders again where the reader gives a run another colour. */
export function useRunColors(ids: readonly string[]): ReadonlyMap<string, string> {
  const version = useSyncExternalStore(colors.subscribe, colors.version);
  return useMemo(() => new Map(ids.map((id) => [id, colors.css(id)])), [ids, version]);
}

/** What a colour of `useRunColors` is in the present theme, for canvas. */
export function cssColor(css: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(css)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : css;
}
