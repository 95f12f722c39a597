// npm run screenshots [-- --base http://127.0.0.1:5000] [--out FOLDER] [--only run,artifact]
// A picture of every page, light and dark, at 1280 pixels and on a phone, with a page that shows them all. Without --base a
// server is started (from CAIRN_BIN) and filled with data made for the purpose; its pictures are the same each time, as
// their clock stands still and what the machine would tell of itself is left out.
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, openPage } from './browser.mjs';
import { discover, pagesOf } from './discover.mjs';
import { server } from './server.mjs';
import { pagesOfShowcase, showcase } from './showcase.mjs';
import { pagesOfUsers, showUsers } from './users.showcase.mjs';

const { values } = parseArgs({ options: { base: { type: 'string' }, out: { type: 'string', default: '../docs/ui' }, only: { type: 'string' }, width: { type: 'string', default: '1280' } } });
const only = values.only?.split(',');
const desk = { width: Number(values.width), height: 860 };
const phone = { width: 390, height: 844 };

/**
 * What belongs to a picture: the refusal of a refused filter, of a gate that is half written, and before a login; and that
 * the clock that stands still is kept out of a frame without rights.
 */
const belongs = [[/^runs-bad-filter$/, /400/], [/^artifact-gate-edited$/, /400/], [/^(login|settings-)/, /401|wants to know who asks/], [/^run-files-html$/, /Blocked script execution/]];

const begun = Date.now();
const places = values.base ? [await given(values.base.replace(/\/$/, ''))] : [await open(), await closed()];
/** When the pictures are taken, for whoever looks at them; the servers' times are moved by as much. */
const shownAt = Date.UTC(2026, 2, 4, 9, 41);
const steady = values.base ? null : { shift: shownAt - Date.now(), begun };
for (const place of places) place.pages = place.pages.filter(({ name }) => !only || only.includes(name));
await mkdir(values.out, { recursive: true });
// A picture of a page that is no more would lie.
if (!only) for (const file of await readdir(values.out)) if (/-(light|dark)\.webp$/.test(file)) await rm(join(values.out, file));

const browser = await launch();
const taken = [];
let faults = 0;
for (const [size, viewport] of [['', desk], ['-phone', phone]]) {
  for (const colorScheme of ['light', 'dark']) for (const place of places) if (place.pages.length > 0) await take(place, size, { viewport, colorScheme, reducedMotion: 'reduce' });
}
await browser.close();
await Promise.all(places.map(({ stop }) => stop?.()));
if (!values.base && !only) await writeFile(join(values.out, 'README.md'), gallery());
const sizes = await Promise.all(taken.map(async (file) => (await stat(join(values.out, file))).size));
console.log(`${taken.length} pictures, ${(sizes.reduce((sum, one) => sum + one, 0) / 1e6).toFixed(1)} MB, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);

/** The pages of one server, one after the other; behind a login after the first. */
async function take({ base, pages, enter }, size, options) {
  const { page, complaints, close } = await openPage(browser, base, options);
  const session = await page.context().newCDPSession(page);
  if (steady) await stand(page);
  let inside = enter === undefined;
  for (const { name, path, act, out: outside } of pages) {
    await page.goto(base + path);
    if (!inside && !outside) {
      await enter(page);
      inside = true;
    }
    await page.waitForSelector('main h1');
    await settled(page);
    if (act) {
      await act(page);
      await settled(page);
    }
    const file = `${name}${size}-${options.colorScheme}.webp`;
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 72 });
    await writeFile(join(values.out, file), Buffer.from(data, 'base64'));
    taken.push(file);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) complaints.push(`${name} is ${wide} pixels wider than the window`);
    const told = complaints.splice(0).filter((c) => !belongs.some(([where, what]) => where.test(name) && what.test(c)));
    faults += told.length;
    console.log(file, ...told);
  }
  await close();
}

/** A server that is there, with whatever it has. */
async function given(base) {
  const pages = pagesOf(await discover(base)).map(([name, path]) => ({ name, path, tells: name }));
  return { base, pages: await withAlwaysThere(pages) };
}

/** The showcase: nobody has to log in. */
async function open() {
  const { base, stop } = await server();
  return { base, stop, pages: await withAlwaysThere(pagesOfShowcase(await showcase(base)), pagesOfUsers) };
}

/** A server with users. */
async function closed() {
  const { base, stop } = await server();
  return { base, stop, enter: await showUsers(base), pages: pagesOfUsers };
}

async function withAlwaysThere(pages, elsewhere = []) {
  const known = [...pages, ...elsewhere].map(({ path }) => path);
  return [...pages, ...(await alwaysThere()).filter(({ path }) => !known.includes(path))];
}

/** Pages that every server has, from the list by which the bar and the palette lead to them. */
async function alwaysThere() {
  const source = await readFile(new URL('../src/shell/pages.ts', import.meta.url), 'utf8');
  return [...source.matchAll(/name: '([^']+)', path: '([^']+)'/g)].map(([, word, path]) => ({ name: path.slice(1).replaceAll('/', '-') || 'home', path, tells: word }));
}

/** Waits until nothing says that it is loading and every picture is there. */
async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"], [role="progressbar"]') && [...document.images].every((image) => image.complete));
  // One frame for charts to be drawn after their data came.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForTimeout(400);
}

/** The page's clock stands still, and the server's answers are told as of that time, without what is only of this machine. */
async function stand(page) {
  await page.clock.setFixedTime(shownAt);
  await page.route((url) => url.pathname.startsWith('/api/v1/'), async (route) => {
    const request = route.request();
    if (request.url().includes('/events') || request.url().endsWith('/series')) return route.continue();
    const response = await route.fetch();
    if (!response.headers()['content-type']?.includes('json') || request.url().includes('/files/')) return route.fulfill({ response });
    const text = (await response.text())
      .replaceAll(/(?<=[:[,])1[789]\d{11}(?=[,}\]])/g, (ms) => String(asOf(Number(ms)) + steady.shift))
      .replace(/"dataFolder":"[^"]*"/, '"dataFolder":"/var/lib/cairn"').replace(/"freeBytes":\d+/, '"freeBytes":512000000000');
    return route.fulfill({ response, body: text });
  });
}

/** What happened while the data was made happened three minutes ago, one thing soon after the other. */
function asOf(ms) {
  const after = ms - steady.begun;
  return after > -1_000 && after < 600_000 ? steady.begun - 180_000 + Math.floor(after / 10) : ms;
}

function gallery() {
  const rows = places.flatMap(({ pages }) => pages).map(({ name, tells }) => {
    const small = `\n\n<img src="${name}-phone-light.webp" width="195" alt="${tells}, on a phone"> <img src="${name}-phone-dark.webp" width="195" alt="${tells}, on a phone, dark">`;
    return `## ${tells}\n\n<img src="${name}-light.webp" width="49%" alt="${tells}"> <img src="${name}-dark.webp" width="49%" alt="${tells}, dark">${small}\n`;
  });
  return `# The pages of Cairn\n\nEvery page, light and dark, at 1280 pixels and on a phone, as \`make screenshots\` takes them.\n\n${rows.join('\n')}`;
}
