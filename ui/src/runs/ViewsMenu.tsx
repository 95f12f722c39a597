import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { SavedViewInfo } from '../api/types';
import { Icon } from '../design/Icon';
import { Menu } from '../design/Menu';
import { kit } from '../design/kit';
import { parseSearch, writeSearch } from '../search';
import { tell } from '../shell/toasts';
import style from './runs.module.css';

/** Ways to look at the runs, kept on the server for everybody under a name. A view is the address, but for the chosen runs and what is unfolded. */
export function ViewsMenu({ experimentId, page = 'runs' }: { experimentId: string; page?: 'runs' | 'charts' }) {
  const views = useQuery(queries.views(experimentId, page)).data?.views ?? [];
  const state = useViewState();
  const current = views.find((view) => view.state === state);
  return (
    <Menu label={current ? `View: ${current.name}` : 'Views'} align="right" className={`${kit.button} ${current ? style.active : ''}`} button={<><Icon name="star" size={14} /> <span className={style.viewName}>{current?.name ?? 'Views'}</span></>}>
      {(close) => <List experimentId={experimentId} page={page} views={views} state={state} close={close} />}
    </Menu>
  );
}

function useViewState(): string {
  const { sel: _, open: _open, fold: _fold, ...kept } = useSearch({ strict: false }) as Record<string, string | undefined>;
  return writeSearch(Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function List({ experimentId, page, views, state, close }: { experimentId: string; page: 'runs' | 'charts'; views: readonly SavedViewInfo[]; state: string; close: () => void }) {
  const [name, setName] = useState('');
  const navigate = useNavigate();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: ['views', experimentId] });
  const failed = (error: Error) => tell({ text: error.message, bad: true });
  const save = useMutation({ mutationFn: ({ as, what }: { as: string; what: string }) => api.saveView(experimentId, page, as, what), onSuccess: renew, onError: failed });
  const forget = useMutation({
    mutationFn: (view: SavedViewInfo) => api.forgetView(experimentId, page, view.name), onError: failed,
    onSuccess: (_, view) => {
      tell({ text: `View “${view.name}” deleted`, undo: () => save.mutate({ as: view.name, what: view.state }) });
      return renew();
    },
  });
  const open = (to: string) => {
    close();
    void navigate({ to: '.', search: parseSearch(to) as never, resetScroll: false });
  };
  return (
    <div className={style.views}>
      {views.length === 0 && <p>{page === 'runs' ? 'Set up columns, filter, order and groups' : 'Set up axes, panels, groups and sections'}, and keep them here under a name. Everybody sees the views of an experiment.</p>}
      <ul>
        <li><button type="button" aria-current={state === '' || undefined} onClick={() => open('')}>The usual view</button></li>
        {views.map((view) => (
          <li key={view.name}>
            <button type="button" aria-current={view.state === state || undefined} title={view.state} onClick={() => open(view.state)}>{view.name}</button>
            {view.state !== state && (
              <button type="button" className={kit.bare} title="Keep what is shown now under this name" onClick={() => save.mutate({ as: view.name, what: state }, { onSuccess: () => tell({ text: `View “${view.name}” is what you see now`, undo: () => save.mutate({ as: view.name, what: view.state }) }) })}>
                <Icon name="reset" size={13} label={`Replace ${view.name} by what is shown`} />
              </button>
            )}
            <button type="button" className={kit.bare} title="Delete the view" onClick={() => forget.mutate(view)}><Icon name="cross" size={13} label={`Delete ${view.name}`} /></button>
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === '') return;
          save.mutate({ as: name.trim(), what: state });
          setName('');
        }}
      >
        <input className={style.field} value={name} maxLength={200} placeholder="Name of a new view" aria-label="Name of a new view" onChange={(event) => setName(event.target.value)} />
        <button type="submit" className={kit.button} disabled={name.trim() === '' || save.isPending}>Save</button>
      </form>
    </div>
  );
}
