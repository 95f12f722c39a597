import { useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { urls } from '../api/client';
import { queries } from '../api/queries';
import { Card, Command, Empty } from '../design/kit';
import { FilePreview } from '../files/FilePreview';
import { againCommand, exhibits } from './machineFacts';
import { Source } from './RunFacts';
import style from './run.module.css';
import { splitTags } from './tags';
import { Machine, useMachine } from './Machine';

export const Route = createLazyRoute('/runs/$runId/code')({ component: CodeTab });

const page = getRouteApi('/runs/$runId/code');

/** How the run came about: source, command, what was not committed, environment, machine. */
function CodeTab() {
  const { runId } = page.useParams();
  const { path, as } = page.useSearch();
  const navigate = page.useNavigate();
  const { data } = useSuspenseQuery(queries.run(runId));
  const { data: { files } } = useSuspenseQuery(queries.files(runId));
  const shown = useMemo(() => exhibits(files), [files]);
  const { source } = useMemo(() => splitTags(data.tags), [data.tags]);
  const machine = useMachine(runId, files);
  const again = useMemo(() => againCommand(source, data.params), [source, data.params]);
  const chosen = shown.find((one) => one.path === path) ?? shown[0];
  const file = files.find((one) => one.path === chosen?.path);
  if (shown.length === 0 && again === null && Object.keys(source).length === 0) {
    return (
      <Empty icon="git" title="Nothing is known of its code">
        <p>Runs that are started by <code>cairn run</code>, in a git repository, or through W&amp;B’s client tell here what they ran and on what.</p>
      </Empty>
    );
  }
  return (
    <div className={style.overview}>
      <div className={style.main}>
        {(again ?? machine?.command) && (
          <Card title={again ? 'Run it again' : 'Command'} icon="terminal"><Command text={(again ?? machine?.command)!} /></Card>
        )}
        {shown.length > 0 && (
          <div className={style.exhibits}>
            <nav aria-label="What tells of the code">
              {shown.map((one) => (
                <button key={one.path} type="button" title={one.path} aria-current={one === chosen ? 'true' : undefined} onClick={() => void navigate({ search: { path: one.path }, replace: true, resetScroll: false })}>
                  <b>{one.title}</b><span>{one.path}</span>
                </button>
              ))}
            </nav>
            {file && (
              <FilePreview
                key={file.path + file.digest} file={file} url={urls.runFile(runId, file.path)} place={{ path: file.path, urlOf: () => undefined }} source={as === 'text'}
                onSource={(text) => void navigate({ search: (s) => ({ ...s, as: text ? 'text' as const : undefined }), replace: true, resetScroll: false })}
              />
            )}
          </div>
        )}
      </div>
      <div className={style.aside}>
        <Source source={source} />
        <Machine machine={machine} />
      </div>
    </div>
  );
}
