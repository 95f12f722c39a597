import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { createLazyRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { queries } from '../api/queries';
import type { GarbageReport, ServerInfo, StorageInfo } from '../api/types';
import { ErrorPanel } from '../design/ErrorPanel';
import { Bones, Card, Command, CopyButton, kit, Segments } from '../design/kit';
import { chooseTheme, useThemeChoice } from '../design/theme';
import { TimeAgo } from '../design/Time';
import { count, formatBytes } from '../format/numbers';
import { useTitle } from '../shell/title';
import { tell } from '../shell/toasts';
import { SettingsHead } from './SettingsHead';
import style from './settings.module.css';

export const Route = createLazyRoute('/settings')({ component: SettingsPage });

function SettingsPage() {
  const { data: server } = useSuspenseQuery(queries.server());
  const who = useQuery(queries.session()).data;
  useTitle('Settings');
  return (
    <>
      <SettingsHead />
      <div className={style.page}>
        {who?.isAdmin && <Storage />}
        <div className={style.column}>
          {who?.isAdmin && <Bin />}
          <Looks />
        </div>
        <div className={style.column}>
          <Access server={server} />
          <About server={server} />
        </div>
      </div>
    </>
  );
}

const words: Record<string, string> = { contents: 'All files on the disk', database: 'Database: runs, metrics, logs', 'run files': 'Files of runs', 'other files': 'Other files' };
const wordOf = (kind: string) => words[kind] ?? kind.replace(/^artifacts: /, 'Artifacts of type ');

function Storage() {
  const query = useQuery(queries.storage());
  return (
    <Card title="Storage" icon="dataset" more={query.data?.freeBytes ? `${formatBytes(query.data.freeBytes)} free on this disk` : undefined}>
      {query.error && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {!query.data && !query.error && <Bones lines={4} />}
      {query.data && <Uses storage={query.data} />}
    </Card>
  );
}

function Uses({ storage: { uses } }: { storage: StorageInfo }) {
  const onDisk = uses.filter(({ kind }) => kind === 'contents' || kind === 'database');
  const logged = uses.filter((use) => !onDisk.includes(use));
  const total = onDisk.reduce((sum, { bytes }) => sum + bytes, 0);
  const named = logged.reduce((sum, { bytes }) => sum + bytes, 0);
  const contents = uses.find(({ kind }) => kind === 'contents')?.bytes ?? 0;
  const most = Math.max(1, ...uses.map(({ bytes }) => bytes));
  return (
    <>
      <p className={style.sum}><strong>{formatBytes(total)}</strong> on the disk{named > contents ? `. The same content is kept once, which saves ${formatBytes(named - contents)}.` : '.'}</p>
      <table className={style.uses}>
        <caption className="quiet">What takes how much place</caption>
        <thead className="quiet"><tr><th scope="col">Kind</th><th scope="col">Share</th><th scope="col">Number</th><th scope="col">Size</th></tr></thead>
        <tbody>
          {[...onDisk, ...logged].map(({ kind, count: number, bytes }) => (
            <tr key={kind} className={kind === 'contents' || kind === 'database' ? style.whole : undefined}>
              <th scope="row">{wordOf(kind)}</th>
              <td className={style.barCell}><span className={style.bar} style={{ width: `${(bytes / most) * 100}%` }} /></td>
              <td>{count(number, kind === 'database' ? 'run' : 'file')}</td>
              <td>{formatBytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const day = 86_400_000;
const ages = [['30', '30 days'], ['7', '7 days'], ['0', 'at all']] as const;

/** Emptying the bin: first what would go, then for good. */
function Bin() {
  const [days, setDays] = useState<'30' | '7' | '0'>('30');
  const client = useQueryClient();
  const deleted = useQuery(queries.storage()).data?.deletedRuns;
  const look = useMutation({ mutationFn: (of: string) => api.collectGarbage(Number(of) * day, true) });
  const empty = useMutation({
    mutationFn: (of: string) => api.collectGarbage(Number(of) * day, false),
    onSuccess: (report) => {
      look.reset();
      tell({ text: `${formatBytes(fileBytes(report) + report.databaseBytes)} freed: ${amounts(report)}` });
      return client.invalidateQueries();
    },
  });
  const would = look.variables === days ? look.data : undefined;
  const nothing = would && would.runs + would.experiments + would.blobs + (would.plainFiles ?? 0) + (would.uploads ?? 0) === 0;
  const error = look.error ?? empty.error;
  return (
    <Card title="The bin" icon="reset" more={deleted === undefined ? undefined : `${count(deleted, 'deleted run')}`}>
      <div className={style.stack}>
        <p>Deleted runs and experiments can be restored until the bin is emptied. Emptying it also removes contents that nothing mentions any more.</p>
        <div className={style.line}>
          <span>What has been deleted for</span>
          <Segments label="How long deleted" value={days} options={ages} onChange={setDays} />
          <button type="button" className={kit.button} disabled={look.isPending} onClick={() => look.mutate(days)}>{look.isPending ? 'Looking …' : 'See what would go'}</button>
        </div>
        {would && (
          <div className={style.would} role="status">
            {nothing ? <span>Nothing would go.</span> : (
              <>
                <span>{amounts(would)} would go for good, and {formatBytes(fileBytes(would))} of files with them.</span>
                <button type="button" className={`${kit.button} ${style.danger}`} disabled={empty.isPending} onClick={() => empty.mutate(days)}>{empty.isPending ? 'Emptying …' : 'Empty the bin'}</button>
              </>
            )}
          </div>
        )}
        {empty.data && !would && <p role="status">{formatBytes(fileBytes(empty.data) + empty.data.databaseBytes)} freed: {amounts(empty.data)} went.</p>}
        {error && <ErrorPanel error={error} />}
      </div>
    </Card>
  );
}

function amounts({ runs, experiments, blobs, plainFiles, uploads }: GarbageReport): string {
  const given = uploads ? `, ${count(uploads, 'upload')} that nobody goes on with` : '';
  return `${count(runs, 'run')}, ${count(experiments, 'experiment')}${given}, ${count(blobs + (plainFiles ?? 0), 'content')}`;
}

function fileBytes({ blobBytes, plainBytes, uploadBytes }: GarbageReport): number {
  return blobBytes + (plainBytes ?? 0) + (uploadBytes ?? 0);
}

function Access({ server }: { server: ServerInfo }) {
  const who = useQuery(queries.session()).data;
  return (
    <Card title="Users and keys" icon="user">
      <div className={style.stack}>
        {who?.hasUsers ? (
          <>
            <p>This server has users: everybody logs in or sends a key, and what they do carries their name. <Link to="/settings/users">Users</Link>, <Link to="/settings/keys">my keys</Link>.</p>
            <h3>Use a key in a client</h3>
            <Command text={`export CAIRN_URL=${location.origin} CAIRN_API_KEY=…\nexport MLFLOW_TRACKING_URI=${location.origin} MLFLOW_TRACKING_TOKEN=…\nexport WANDB_BASE_URL=${location.origin} WANDB_API_KEY=…`} />
          </>
        ) : server.authRequired ? (
          <>
            <p>This server asks everyone for its API key. Whoever has the key may do everything; runs carry the name that their client gives.</p>
            <h3>Use it in a client</h3>
            <Command text={`export CAIRN_URL=${location.origin} CAIRN_API_KEY=…\nexport MLFLOW_TRACKING_URI=${location.origin} MLFLOW_TRACKING_TOKEN=…\nexport WANDB_BASE_URL=${location.origin} WANDB_API_KEY=…`} />
          </>
        ) : (
          <>
            <p>This server asks nobody for a key: only programs on this machine reach it. Everybody there may do everything; runs carry the name that their client gives.</p>
            <h3>Let other machines in, with a key</h3>
            <Command text="CAIRN_API_KEY=… cairn server --listen 0.0.0.0:5080" />
            <p>Or <Link to="/settings/users">add users</Link>, so that it is known who does what.</p>
          </>
        )}
        <p className={style.muted}>What <code>cairn run</code> starts gets a key of its own that ends with it.</p>
      </div>
    </Card>
  );
}

function Looks() {
  const choice = useThemeChoice();
  return (
    <Card title="This browser" icon="sun">
      <div className={style.line}>
        <span>Theme</span>
        <Segments label="Theme" value={choice} options={[['auto', 'as the desktop'], ['light', 'light'], ['dark', 'dark']]} onChange={chooseTheme} />
      </div>
    </Card>
  );
}

function About({ server }: { server: ServerInfo }) {
  return (
    <Card title="About" icon="info">
      <dl className={style.facts}>
        <dt>Version</dt><dd>Cairn {server.version}</dd>
        <dt>Running since</dt><dd><TimeAgo at={server.startedAt} /></dd>
        {server.dataFolder && <><dt>Data folder</dt><dd><code>{server.dataFolder}</code> <CopyButton text={server.dataFolder} what="path" /></dd></>}
        <dt>API</dt><dd><a href="/api/v1/openapi.json">OpenAPI description</a></dd>
        <dt>Licences</dt><dd><a href="/licenses.txt">of the pages' parts</a></dd>
        <dt>Deleted runs</dt><dd><Link to="/" search={{}}>open an experiment</Link>, and choose “Deleted” above its runs</dd>
      </dl>
    </Card>
  );
}
