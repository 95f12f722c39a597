import { useMutation, useQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import { Icon } from '../design/Icon';
import { Bones, Card, Chip, Command, Empty, kit } from '../design/kit';
import { SearchBox } from '../design/SearchBox';
import { TimeAgo } from '../design/Time';
import { readIds, writeIds } from '../search';
import { PageHead } from '../shell/PageHead';
import { useTitle } from '../shell/title';
import { tell } from '../shell/toasts';
import { asText, changes, command, type LaunchTarget, targets } from './launchForm';
import style from './pipelines.module.css';

export const Route = createLazyRoute('/launch')({ component: LaunchPage });

const page = getRouteApi('/launch');

/** Runs something again with other parameters: by a job where that can be, else by the command that does it. */
function LaunchPage() {
  const { what } = page.useSearch();
  const [q, setQ] = useState('');
  useTitle('Launch');
  const pipelines = useQuery(queries.pipelines());
  const executions = useQuery(queries.executions(undefined));
  const projects = useQuery(queries.projects());
  const all = useMemo(
    () => targets(pipelines.data?.pipelines ?? [], executions.data?.runs ?? [], projects.data?.runs ?? []), [pipelines.data, executions.data, projects.data],
  );
  const loading = pipelines.isPending || executions.isPending || projects.isPending;
  const chosen = all.find(({ id }) => id === what) ?? (what === undefined ? all[0] : undefined);
  const shown = all.filter(({ name, detail }) => `${name} ${detail}`.toLowerCase().includes(q.toLowerCase()));
  return (
    <>
      <PageHead crumbs={[<Link key="p" to="/pipelines">Pipelines</Link>]} title="Launch" />
      {loading && all.length === 0 && <Bones lines={6} />}
      {!loading && all.length === 0 && (
        <Empty icon="bolt" title="Nothing to launch yet" commands={['cairn run path/to/project', 'cairn pipeline register path/to/folder']}>
          <p>Projects and pipelines that ran here once can be launched again from this page, with other parameters.</p>
        </Empty>
      )}
      {all.length > 0 && (
        <div className={style.launch}>
          <nav aria-label="What to launch">
            <SearchBox value={q} onChange={setQ} placeholder="Find a project or pipeline" label="Find a project or pipeline" />
            <ul>
              {shown.map((target) => (
                <li key={target.id}>
                  <Link to="/launch" search={{ what: target.id }} aria-current={target === chosen ? 'true' : undefined} title={target.detail}>
                    <Icon name={target.kind === 'pipeline' ? 'lineage' : 'terminal'} size={15} />
                    <span>{target.name}<small>{target.detail}</small></span>
                    {target.registered && <Chip tone="soft" title="Can be launched from here, by a job">registered</Chip>}
                  </Link>
                </li>
              ))}
              {shown.length === 0 && <li className={style.nothing}>Nothing is called that.</li>}
            </ul>
          </nav>
          {chosen ? <Form key={chosen.id} target={chosen} /> : <p className={style.hint}>{loading ? 'Looking …' : 'This has not run here, and is not registered.'}</p>}
        </div>
      )}
    </>
  );
}

function Form({ target }: { target: LaunchTarget }) {
  const { set } = page.useSearch();
  const navigate = page.useNavigate();
  const values = new Map(readIds(set).map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)] as const));
  const change = (next: ReadonlyMap<string, string>) => void navigate({
    search: { what: target.id, set: writeIds([...next].map(([key, value]) => `${key}=${value}`)) || undefined }, replace: true, resetScroll: false,
  });
  const put = (key: string, value: string | null) => {
    const next = new Map(values);
    if (value === null) next.delete(key);
    else next.set(key, value);
    change(next);
  };
  const added = [...values.keys()].filter((key) => !target.params.some((param) => param.key === key));
  const changed = changes(target, values);
  return (
    <Card
      title={target.name} icon={target.kind === 'pipeline' ? 'lineage' : 'terminal'}
      more={target.lastAt === null ? 'has not run yet' : <>ran last <TimeAgo at={target.lastAt} /></>}
    >
      <form className={style.form} onSubmit={(event) => event.preventDefault()}>
        {target.params.length === 0 && added.length === 0 && <p className={style.muted}>It took no parameters when it ran last.</p>}
        {target.params.map(({ key, value }) => {
          const now = values.get(key) ?? asText(value);
          const differs = now !== asText(value);
          return (
            <div key={key} className={style.param} data-changed={differs || undefined}>
              <label htmlFor={`param-${key}`} title={key}>{key}</label>
              {typeof value === 'boolean' ? (
                <select id={`param-${key}`} value={now} onChange={(event) => put(key, event.target.value === asText(value) ? null : event.target.value)}>
                  <option>true</option>
                  <option>false</option>
                </select>
              ) : (
                <input id={`param-${key}`} type="text" inputMode={typeof value === 'number' ? 'decimal' : 'text'} value={now} spellCheck={false} onChange={(event) => put(key, event.target.value === asText(value) ? null : event.target.value)} />
              )}
              {differs && <button type="button" className={kit.bare} title={`Back to ${asText(value)}`} onClick={() => put(key, null)}><Icon name="reset" size={13} label={`Reset ${key}`} /></button>}
            </div>
          );
        })}
        {added.map((key) => (
          <div key={key} className={style.param} data-changed>
            <label htmlFor={`param-${key}`} title={key}>{key}</label>
            <input id={`param-${key}`} type="text" value={values.get(key)} spellCheck={false} onChange={(event) => put(key, event.target.value)} />
            <button type="button" className={kit.bare} onClick={() => put(key, null)}><Icon name="cross" size={13} label={`Remove ${key}`} /></button>
          </div>
        ))}
        <AddParam onAdd={(key) => put(key, '')} />
      </form>
      <div className={style.launchFoot}>
        {target.registered ? <Submit target={target} changed={changed} /> : target.kind === 'pipeline' && <p className={style.muted}>Register it (<code>cairn pipeline register</code>) and run a worker to launch it from here.</p>}
        <h3>{target.registered ? 'Or by hand, where the code is' : 'Run it where the code is'}</h3>
        <Command text={command(target, values)} />
      </div>
    </Card>
  );
}

function AddParam({ onAdd }: { onAdd: (key: string) => void }) {
  const [key, setKey] = useState('');
  const add = () => {
    if (key.trim() !== '' && !key.includes('=')) onAdd(key.trim());
    setKey('');
  };
  return (
    <div className={style.another}>
      <input
        type="text" value={key} placeholder="another parameter" aria-label="Name of another parameter" spellCheck={false} onChange={(event) => setKey(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') add();
        }}
      />
      <button type="button" className={kit.button} disabled={key.trim() === '' || key.includes('=')} onClick={add}>Add</button>
    </div>
  );
}

function Submit({ target, changed }: { target: LaunchTarget; changed: readonly string[] }) {
  // The same form pressed twice is one wish; a changed one is another.
  const key = useRef({ of: '', is: '' });
  const of = changed.join('\n');
  const launch = useMutation({
    mutationFn: () => {
      if (key.current.of !== of || key.current.is === '') key.current = { of, is: crypto.randomUUID?.() ?? String(Math.random()) };
      return api.launch(target.name, { changes: changed, key: key.current.is });
    },
    onSuccess: (job) => {
      key.current.is = '';
      tell({ text: `A job of “${job.pipeline}” waits for a worker`, undo: () => void api.cancelJob(job.id) });
    },
    onError: (error) => tell({ text: error.message, bad: true }),
  });
  return (
    <p className={style.submit}>
      <button type="button" className={`${kit.button} ${style.primary}`} disabled={launch.isPending} onClick={() => launch.mutate()}><Icon name="bolt" size={14} /> Launch</button>
      {changed.length > 0 ? <code title={changed.join(' ')}>{changed.join(' ')}</code> : <span className={style.muted}>with its own parameters</span>}
      {launch.data && <Link to="/pipelines/triggers">See its job</Link>}
    </p>
  );
}
