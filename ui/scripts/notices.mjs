// Writes licenses.txt beside the built pages: the licence of every package that is in them, as their terms ask.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const out = process.argv[2] ?? 'dist';
const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
const shipped = Object.entries(lock.packages).filter(([path, info]) => path.startsWith('node_modules/') && !info.dev && !info.optional);

const parts = [];
for (const [path, info] of shipped.sort(([a], [b]) => (a < b ? -1 : 1))) {
  const files = await readdir(path);
  const licence = files.find((file) => /^licen[cs]e(\.\w+)?$/i.test(file));
  const text = licence ? await readFile(join(path, licence), 'utf8') : `Licence: ${info.license ?? 'not stated'}`;
  parts.push(`${path.slice('node_modules/'.length)} ${info.version} (${info.license ?? 'see below'})\n\n${text.trim()}\n`);
}
await writeFile(join(out, 'licenses.txt'), `The pages of Cairn hold the following packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`);
console.log(`notices: ${shipped.length} packages in ${join(out, 'licenses.txt')}`);
