// Shared by all end-to-end tests: one server, one set of data, one browser; a fresh page for every test, which must
// leave no error, no policy violation and no foreign request behind, whichever addresses it goes to.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { makeMs, patienceMs, testMs } from './patience.mjs';
import { seed } from './seed.mjs';
import { server } from './server.mjs';

export const world = {};
let browser;
let running;

/** `serve` starts the server under test, `fill` writes its data and answers what of it the tests shall know. */
export function start(serve = server, fill = seed) {
  before(async () => {
    running = await serve();
    world.base = running.base;
    Object.assign(world, await fill(running.base));
    await everythingThere;
    for (const work of preparations) await work();
    browser = await launch();
  }, { timeout: makeMs });
  after(async () => {
    await browser?.close();
    await running?.stop();
  }, { timeout: testMs });
}

const preparations = [];
let beComplete;
// Node begins with the first test while the files of the others are still on their way.
const everythingThere = new Promise((resolve) => (beComplete = resolve));

/** Data that the tests of a file need beside the common seed. It is made once, before the first test. */
export function prepare(work) {
  preparations.push(work);
}

/** Says that all files with tests are there, and what they prepare is known. */
export const complete = () => beComplete();

/** A test with a page of its own; `expect` lists patterns of complaints that belong to what is tested, `base` says on which server. */
export function test(name, work, { expect = [], timeout = testMs, base = () => world.base, ...options } = {}) {
  nodeTest(name, { timeout }, async () => {
    // A browser that died took one test with it, not those after it.
    if (!browser.isConnected()) browser = await launch();
    for (let attempt = 1; ; attempt++) {
      const { page, complaints, hasMoved, close } = await openPage(browser, base(), options);
      page.setDefaultTimeout(patienceMs);
      try {
        await work(page);
        const unexpected = complaints.filter((one) => !expect.some((pattern) => pattern.test(one)));
        assert.deepEqual(unexpected, [], 'the page complained');
        // A page that loads anew just now cannot be asked.
        await eventually(async () => assert.equal(await page.evaluate(() => window.tripped), undefined, 'text of a user ran as a script'), 5_000);
        return;
      } catch (error) {
        if (!hasMoved() || attempt > 2) throw error;
        console.log(`The network of this machine changed under "${name}": once more.`);
      } finally {
        await close();
      }
    }
  });
}

export async function go(page, path) {
  await page.goto(world.base + path);
  await page.waitForSelector('main h1');
}

/** The JSON that the native API answers. */
export async function ask(path) {
  const response = await fetch(`${world.base}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

export const text = async (page, selector) => (await page.locator(selector).first().innerText()).trim();

/** A part of the address's search. */
export const inAddress = (page, name) => new URL(page.url()).searchParams.get(name);

/** Waits until the page's heading is this. */
export const heading = (page, name) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();

/** Waits until the page shows the text (a string or a pattern). */
export async function shows(page, what, within = 'main') {
  await page.locator(within).filter({ hasText: what }).first().waitFor();
}

/** Waits until nothing of the page says that it is loading. */
export const loaded = (page) => page.waitForFunction(() => !document.querySelector('[aria-label="Loading"], [role="progressbar"]'));

/** Waits until every chart has what it draws: until then it is drawn anew, and those below another may still move. */
export const drawn = (page) => page.waitForFunction(() => ![...document.querySelectorAll('section footer')].some((foot) => /Loading…| …$/.test(foot.querySelector('span')?.textContent ?? '')));

/** Where it stands, once it stays there: pages grow while their parts arrive. */
export async function place(locator) {
  let before;
  return eventually(async () => {
    const box = await locator.boundingBox();
    const now = JSON.stringify(box);
    const stays = box !== null && now === before;
    before = now;
    assert.ok(stays, `it still moves: ${now}`);
    return box;
  });
}

/** By how many pixels the page is wider than its window, and what of it is; null where nothing is. */
export const tooWide = (page) => page.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return null;
  const culprits = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > clientWidth + 0.5).slice(-3);
  return `${scrollWidth - clientWidth} pixels too wide: ${culprits.map((one) => `<${one.tagName.toLowerCase()} class="${one.className}"> ${one.textContent.slice(0, 40)}`).join('; ')}`;
});

/** Text that is cut off and says nowhere what it is, and text that stands over other text: what people would have to ask about. */
export const unreadable = (page) => page.evaluate(() => {
  const found = new Set();
  for (const one of document.querySelectorAll('main *, header *, dialog[open] *')) {
    const looks = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    if (looks.visibility === 'hidden' || looks.display === 'none' || box.width < 3 || box.height < 3 || one.closest('.quiet') || one.textContent.trim() === '') continue;
    const isCut = (looks.overflowX === 'hidden' || looks.overflowX === 'clip') && one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1;
    const isClamped = looks.webkitLineClamp !== 'none' && one.scrollHeight > one.clientHeight + 2;
    const told = `<${one.tagName.toLowerCase()} class="${one.className}"> ${one.textContent.trim().slice(0, 60)}`;
    if ((isCut || isClamped) && !one.closest('[title]') && !one.querySelector('[title]')) found.add(`cut off: ${told}`);
    const next = one.nextElementSibling;
    if (one.children.length > 0 || looks.position === 'absolute' || !next || next.textContent.trim() === '' || getComputedStyle(next).position === 'absolute') continue;
    // Words that flow stand in several boxes, one for each line.
    const meets = (a, b) => b.left < a.right - 2 && b.right > a.left + 2 && b.top < a.bottom - 3 && b.bottom > a.top + 3;
    if ([...one.getClientRects()].some((a) => [...next.getClientRects()].some((b) => meets(a, b)))) found.add(`stands over the next: ${told}`);
  }
  return [...found].slice(0, 5);
});

/** Retries until the check no longer throws. */
export async function eventually(check, ms = patienceMs) {
  for (const until = Date.now() + ms; ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
