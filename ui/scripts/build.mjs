// What the .NET build calls: installs the packages where the lock file changed, builds where a source changed, and
// writes dist/.built last. Contents decide, not times, so that a fresh checkout of built sources builds nothing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const lock = join('obj', 'build.lock');
const installed = join('node_modules', '.cairn-installed');
const built = join('dist', '.built');
/** A build takes seconds; a lock this old was left by one that was killed. */
const staleMs = 5 * 60_000;

function hashOf(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true }).filter((e) => e.isFile() && !e.name.endsWith('.test.ts')).map((e) => join(e.parentPath, e.name)).sort()
      : [path];
    for (const file of files) hash.update(file.replaceAll('\\', '/')).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function npm(...args) {
  // On Windows npm is a script, which only a shell starts; no argument comes from outside of this file.
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(`npm ${args.join(' ')} failed with ${status}.`);
    process.exitCode = 1;
    throw new Error('build failed');
  }
}

async function locked(work) {
  mkdirSync('obj', { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      // Whoever holds it may let go of it just now.
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > staleMs) rmSync(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

await locked(() => {
  const packages = hashOf(['package.json', 'package-lock.json', '.npmrc']);
  if (read(installed) !== packages) {
    npm('ci', '--no-audit', '--no-fund');
    writeFileSync(installed, packages);
  }
  const sources = hashOf(['src', 'scripts', 'index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts']);
  if (read(built) === sources) {
    const now = new Date();
    utimesSync(built, now, now);
    return;
  }
  npm('run', 'build');
  writeFileSync(built, sources);
}).catch((error) => {
  if (process.exitCode !== 1) throw error;
});
