// npm run screenshots -- --base http://127.0.0.1:5000 --out pictures [--only run,artifact]
// A picture of every page, light and dark, on a desk and on a phone.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch, openPage } from './browser.mjs';
import { discover, pagesOf } from './discover.mjs';

const { values } = parseArgs({ options: { base: { type: 'string' }, out: { type: 'string', default: 'screenshots' }, only: { type: 'string' } } });
if (!values.base) {
  console.error('Say which server: npm run screenshots -- --base http://127.0.0.1:PORT [--out FOLDER] [--only page,page]');
  process.exit(2);
}
const base = values.base.replace(/\/$/, '');
const only = values.only?.split(',');
const sizes = [['desk', { width: 1280, height: 860 }], ['phone', { width: 390, height: 844 }]];

await mkdir(values.out, { recursive: true });
const pages = pagesOf(await discover(base)).filter(([name]) => !only || only.includes(name));
const browser = await launch();
let faults = 0;
for (const [size, viewport] of sizes) {
  for (const colorScheme of ['light', 'dark']) {
    const { page, complaints, close } = await openPage(browser, base, { viewport, colorScheme, reducedMotion: 'reduce' });
    for (const [name, path] of pages) {
      await page.goto(base + path);
      await page.waitForSelector('main h1');
      await settled(page);
      const file = join(values.out, `${name}-${size}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: size === 'phone' });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) complaints.push(`${name} is ${wide} pixels wider than the window`);
      // The filter's error is part of its picture.
      const told = complaints.splice(0).filter((c) => !(name === 'runs-bad-filter' && c.includes('400')));
      faults += told.length;
      console.log(file, ...told);
    }
    await close();
  }
}
await browser.close();
process.exit(faults > 0 ? 1 : 0);

/** Waits until nothing says that it is loading and every picture is there. */
async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"], [role="progressbar"]') && [...document.images].every((image) => image.complete));
  // One frame for charts to be drawn after their data came.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForTimeout(250);
}
