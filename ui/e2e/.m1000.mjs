// How quick the pages are, in a real browser on the store that `make ui-store FOLDER=` makes:
// node e2e/measure.mjs --base http://127.0.0.1:PORT [--runs 5] [--json]
// Each figure is the median of several pages. A clock begins with the click (or the end of a drag) and ends with the frame
// after the one in which the page says that what was asked for is drawn.
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';

const { values: options } = parseArgs({ options: { base: { type: 'string' }, runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } } });
if (!options.base) throw new Error('Say which server: --base http://127.0.0.1:PORT');
const base = options.base.replace(/\/$/, '');
const times = Number(options.runs);

async function get(path) {
  const response = await fetch(`${base}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

const { experiments } = await get('/experiments');
const big = experiments.find(({ name }) => name === 'big');
const lineage = experiments.find(({ name }) => name === 'lineage');
if (!big || !lineage) throw new Error('This server is not on the store that `make ui-store` makes.');
const long = (await get(`/runs?experiment=${big.id}&limit=1&filter=${encodeURIComponent("attributes.run_name = 'ten-million'")}`)).runs[0].run;

const browser = await launch();
const found = [];

async function page(work, viewport = { width: 1280, height: 900 }) {
  const context = await browser.newContext({ viewport });
  const one = await context.newPage();
  one.setDefaultTimeout(60_000);
  try {
    return await work(one);
  } finally {
    await context.close();
  }
}

/** Waits in the page until `done` holds and the frame after that; answers the milliseconds since `window.begun`. */
const drawn = (one, done, argument) => one.evaluate(([text, value]) => new Promise((resolve) => {
  const holds = new Function('value', `return (${text})(value)`);
  const look = () => {
    if (holds(value)) requestAnimationFrame(() => resolve(performance.now() - (window.begun ?? 0)));
    else requestAnimationFrame(look);
  };
  look();
}), [done.toString(), argument]);

/** The clock begins when the page itself gets the event. */
const startAt = (one, event) => one.evaluate((name) => {
  window.begun = undefined;
  addEventListener(name, () => (window.begun ??= performance.now()), { capture: true, once: true });
}, event);

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function figure(name, goal, unit, take) {
  const all = [];
  for (let i = 0; i < times; i++) all.push(await take());
  found.push({ name, value: median(all), unit, goal, remark: `${Math.min(...all).toFixed(0)}–${Math.max(...all).toFixed(0)} of ${times}` });
}

// What the page says once its lines are drawn; the number is that of the lines, or the points.
const footSays = ({ key, text }) => [...document.querySelectorAll('section[aria-label]')].some((section) => section.getAttribute('aria-label') === key && new RegExp(text).test(section.querySelector('footer')?.textContent ?? ''));

// 1,000 runs with 12 metrics: how soon the first chart stands, then whether the page stays in hand while it is scrolled
// through to the last chart and while the pointer moves over one: no task may hold it up for long.
const thousand = { first: [], loading: [], scrolling: [], hovering: [] };
for (let i = 0; i < Math.min(3, times); i++) {
  await page(async (one) => {
    await one.addInitScript(() => {
      window.tasks = [];
      new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    });
    const longest = () => one.evaluate(() => {
      const most = Math.max(0, ...window.tasks);
      window.tasks = [];
      return most;
    });
    await one.goto(`${base}/experiments/${big.id}?filter=${encodeURIComponent("params.wide = 'yes'")}`);
    await one.waitForFunction(() => /sweep-\d{5}/.test(document.querySelector('main')?.textContent ?? ''));
    const tab = one.getByRole('link', { name: /^Charts/ });
    await tab.hover();
    await one.waitForTimeout(700);
    await tab.click();
    await one.waitForFunction(() => [...document.querySelectorAll('main select')].some((select) => [...select.options].some(({ value }) => value === '1000')));
    await longest();
    await startAt(one, 'change');
    await one.locator('aside select').selectOption('1000');
    thousand.first.push(await drawn(one, () => [...document.querySelectorAll('section footer')].some((foot) => /^1.000 lines, /.test(foot.textContent ?? ''))));
    await one.waitForTimeout(1_000);
    thousand.loading.push(await longest());
    for (let turn = 0; turn < 40; turn++) {
      await one.mouse.move(800, 500);
      await one.mouse.wheel(0, 120);
      await one.waitForTimeout(50);
    }
    await drawn(one, () => [...document.querySelectorAll('section footer')].filter((foot) => /^1.000 lines, /.test(foot.textContent ?? '')).length >= 10);
    await one.waitForTimeout(500);
    thousand.scrolling.push(await longest());
    const box = await one.locator('section[aria-label="val/loss"] .u-over').boundingBox();
    for (let x = 0; x < 60; x++) await one.mouse.move(box.x + 4 + (box.width - 8) * (x / 60), box.y + box.height * (0.3 + 0.4 * Math.abs(Math.sin(x))));
    await one.waitForTimeout(300);
    thousand.hovering.push(await longest());
  });
}
for (const [name, goal, all] of [['workspace of 1,000 runs, 12 charts: first chart', 1500, thousand.first], ['  longest task while it loads', 200, thousand.loading], ['  longest task while scrolling to the last', 200, thousand.scrolling], ['  longest task while pointing', 200, thousand.hovering]]) {
  found.push({ name, value: median(all), unit: 'ms', goal, remark: `${Math.min(...all).toFixed(0)}–${Math.max(...all).toFixed(0)} of ${all.length}` });
}

await browser.close();
if (options.json) console.log(JSON.stringify(found));
else for (const { name, value, unit, goal, remark } of found) console.log(`${name.padEnd(44)} ${value.toFixed(0).padStart(8)} ${unit.padEnd(3)} ≤ ${String(goal).padStart(5)}  ${value <= goal ? '✔' : '✘'}  ${remark}`);
