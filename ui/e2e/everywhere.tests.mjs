// What must hold on every page: accessible in both themes, no sideways scrolling on a phone, and nothing inline.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { eventually, go, test, tooWide, unreadable, world } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const paths = () => {
  const train = `/runs/${world.second.train.id}`;
  const model = `/artifacts/${world.experimentId}/model_export`;
  return [
    '/', `/experiments/${world.experimentId}`, `/experiments/${world.experimentId}/artifacts`, `/runs/${world.second.parent.id}`, train, `${train}/charts`,
    '/artifacts', '/models', `${model}/compare`, `${model}?move=prod&to=v0`, `${train}/lineage`, `/runs/${world.things.run.id}`, `/runs/${world.things.run.id}?vs=${world.things.earlier.id}`,
    ...['code', 'system', 'files', 'files?path=explore.ipynb', 'files?path=data/train.parquet', 'files?path=result.json', 'files?path=config.yaml', 'files?path=report.html'].map((tab) => `/runs/${world.things.run.id}/${tab}`),
    '/pipelines', '/pipelines/triggers', '/launch', '/settings', `/pipelines/runs/${world.second.parent.id}`, `/experiments/${world.experimentId}?group=jobType&sel=${world.second.train.id}`,
    `/artifacts/${world.things.run.experimentId}/forecaster/history`, `/artifacts/${world.things.run.experimentId}/forecaster/gates`, `/artifacts/${world.things.run.experimentId}/forecaster/gates?gate=prod`, `/artifacts/${world.waiting.experimentId}/ranker/gates?on=v2`, `/artifacts/${world.things.run.experimentId}/forecaster?move=prod&to=v2`, `/artifacts/${world.things.run.experimentId}/forecaster/compare?path=examples/input.csv`,
    `${train}/media`, `${train}/files`, `${train}/files?path=notes.md`, `${train}/logs`, model, `${model}/lineage`, `${model}/history`, `/runs/${world.evil.id}`, '/nowhere',
  ];
};

for (const colorScheme of ['light', 'dark']) {
  test(`every page satisfies WCAG 2.1 AA as far as a machine can tell, ${colorScheme}`, async (page) => {
    for (const path of paths()) {
      await go(page, path);
      await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
      await page.evaluate(axe);
      // What only stands there for a moment, as something that is about to be replaced, is no fault of the page.
      await eventually(async () => {
        const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
        const told = violations.map((v) => `${path}: ${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `  ${n.html.slice(0, 200)}\n  ${n.failureSummary?.split('\n')[1] ?? ''}`).join('\n')}`);
        assert.deepEqual(told, []);
      }, 15_000);
    }
  }, { colorScheme, reducedMotion: 'reduce' });
}

test('no page is wider than a phone', async (page) => {
  for (const path of paths()) {
    await go(page, path);
    await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
    await eventually(async () => assert.equal(await tooWide(page), null, path), 15_000);
  }
}, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

for (const [where, viewport] of [['at a desk', { width: 1280, height: 1400 }], ['on a phone', { width: 390, height: 1400 }]]) {
  test(`nothing on any page is cut off without telling the rest, or stands over something else, ${where}`, async (page) => {
    for (const path of [...paths(), ...world.wide]) {
      await go(page, path);
      await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
      await eventually(async () => assert.deepEqual(await unreadable(page), [], path), 15_000);
    }
  }, { viewport });
}

test('the pages are served with a strict policy, and their files for ever', async (page) => {
  const response = await page.goto(world.base);
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|\*/);
  const script = await page.locator('script[src^="/assets/"]').first().getAttribute('src');
  const asset = await fetch(world.base + script, { headers: { 'Accept-Encoding': 'br' } });
  assert.match(asset.headers.get('cache-control'), /immutable/);
  assert.equal(asset.headers.get('content-encoding'), 'br');
});

test('the first page needs less than 600 kB over the wire', async (page) => {
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await go(page, '/');
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await eventually(() => assert.ok(bytes > 20_000 && bytes < 600_000, `${bytes} bytes`), 15_000);
});

test('every test that the table of pages and flows names is there', async (page) => {
  const folder = new URL('.', import.meta.url);
  const sources = await Promise.all((await readdir(folder)).filter((name) => name.endsWith('.tests.mjs')).map((name) => readFile(new URL(name, folder), 'utf8')));
  const there = new Set(sources.flatMap((source) => [...source.matchAll(/^\s*(?:test|check)\((['"`])(.*?)\1, async/gm)].map(([, , name]) => name)));
  const named = [...(await readFile(new URL('README.md', folder), 'utf8')).matchAll(/^\| .* \| [MSB] \| `(.*)` \|$/gm)].map(([, name]) => name);
  assert.ok(named.length > 90, `${named.length} tests`);
  assert.deepEqual(named.filter((name) => !there.has(name)), []);
  await go(page, '/');
});
