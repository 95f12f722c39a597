// The server under test: the one at CAIRN_URL, or one that is started here from the program CAIRN_BIN on a data folder
// of its own and ended with the tests.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { patienceMs, startMs } from './patience.mjs';

export async function server() {
  if (process.env.CAIRN_URL) return { base: process.env.CAIRN_URL.replace(/\/$/, ''), stop: async () => undefined };
  return serve();
}

/** A server on an empty folder, or on a copy of a store: what the tests change is not there the next time. */
export async function serve(store) {
  const data = await mkdtemp(join(tmpdir(), 'cairn-ui-e2e-'));
  if (store) await cp(store, data, { recursive: true, filter: (source) => !source.endsWith('/server.json') });
  const program = programUnderTest();
  const child = spawn(program, ['server', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
    child.kill('SIGKILL');
    // Only then nothing is written into its folder any more.
    await ended;
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  // The server leaves its address in its data folder.
  const beacon = join(data, 'server.json');
  for (const until = Date.now() + startMs; Date.now() < until && child.exitCode === null;) {
    const url = addressIn(beacon);
    if (url) return { base: url, data, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop();
  throw new Error(`${program} did not start within ${startMs / 1000} s.`);
}

export function programUnderTest() {
  const program = process.env.CAIRN_BIN;
  if (!program) throw new Error('Say which server to test: CAIRN_URL=http://127.0.0.1:PORT, or CAIRN_BIN=/path/to/cairn to start one.');
  return program;
}

/** The address in the file; undefined while the server is not there yet, or still writes it. */
function addressIn(beacon) {
  try {
    return JSON.parse(readFileSync(beacon, 'utf8')).url;
  } catch {
    return undefined;
  }
}
