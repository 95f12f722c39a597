// Stores that are too much work to make for every run of the tests.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programUnderTest } from './server.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const dayMs = 24 * 3_600_000;
const keptDays = 7;

/**
 * What the sample pipeline left: the folder CAIRN_SAMPLE_STORE, where the end-to-end test of the sample keeps its store. Where
 * it is not there yet, that test is run, so that one place alone says what the sample goes through.
 */
export async function sampleStore() {
  const folder = resolve(process.env.CAIRN_SAMPLE_STORE || join(root, 'TestResults', 'sample-store'));
  if (!existsSync(join(folder, 'cairn.db'))) {
    await run('dotnet', ['run', '--project', join(root, 'tests/Cairn.EndToEnd.Tests'), '-c', 'Release', '--', '--filter-class', '*DemoPipelineTests'], { CAIRN_SAMPLE_STORE: folder, CAIRN_BIN: resolve(programUnderTest()) });
  }
  return folder;
}

/**
 * The store of 20,000 runs with 20 million points (`make ui-store`). It is the same each time it is made from the same code, so
 * it is kept among the user's caches under the digest of that code, whole or not at all.
 */
export async function bigStore() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cairn', 'ui-stores');
  const folder = join(cache, await digestOf(['bench/Cairn.Bench/PageStore.cs', 'src/Cairn.Storage', 'src/Cairn.Core']));
  if (!existsSync(folder)) {
    await mkdir(cache, { recursive: true });
    const unfinished = `${folder}.${process.pid}`;
    try {
      await run('dotnet', ['run', '--project', join(root, 'bench/Cairn.Bench'), '-c', 'Release', '-p:CairnSkipUi=true', '--', 'store', unfinished]);
      await rename(unfinished, folder).catch((error) => {
        // Somebody else was faster.
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  const now = new Date();
  await utimes(folder, now, now);
  for (const name of await readdir(cache)) {
    const other = join(cache, name);
    // Another run of the tests may tidy up, too.
    const kept = await stat(other).catch(() => null);
    if (kept && Date.now() - kept.mtimeMs > keptDays * dayMs) await rm(other, { recursive: true, force: true });
  }
  return folder;
}

async function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const isFolder = (await stat(join(root, path))).isDirectory();
    const files = isFolder ? (await readdir(join(root, path), { recursive: true })).filter((name) => name.endsWith('.cs') && !/(^|\/)(bin|obj)\//.test(name)).sort().map((name) => join(path, name)) : [path];
    for (const file of files) hash.update(`${file}\0`).update(await readFile(join(root, file))).update('\0');
  }
  return hash.digest('hex').slice(0, 32);
}

/** What it prints goes to the errors: standard output belongs to the report of the tests. */
function run(program, given, environment = {}) {
  return new Promise((done, fail) => {
    const child = spawn(program, given, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 2, 2] });
    child.once('error', fail);
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`${program} ${given.slice(0, 3).join(' ')} … ended with ${code}.`))));
  });
}
