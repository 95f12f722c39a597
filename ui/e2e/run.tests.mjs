import assert from 'node:assert/strict';
import { drawn, eventually, go, heading, place, shows, test, text, world } from './harness.mjs';
import { hostile, lines } from './seed.mjs';

/** What the browser says where a test looks at the pixels of a canvas several times. */
const readsPixels = [/Multiple readback operations/];

const open = (page, tab = '', run = world.second.train) => go(page, `/runs/${run.id}${tab}`);

test('the overview tells who, when, how long, with what and what came of it', async (page) => {
  await open(page);
  await heading(page, 'train_random_forest');
  await shows(page, 'Finished');
  await eventually(async () => {
    const facts = await text(page, 'dl');
    for (const fact of [/Author\s+G?\s*grace/, /Duration\s+17 s/, /Launched by\s+pipeline\s+pipeline 2/]) assert.match(facts, fact);
    const params = await page.locator('section', { hasText: 'Parameters' }).last().innerText();
    for (const param of [/max_depth\s+12/, /trees\s+200/]) assert.match(params, param);
  });
  await page.getByRole('link', { name: 'raw_data.csv:v1' }).waitFor();
  await page.getByRole('link', { name: 'model_export:v1', exact: true }).waitFor();
  await shows(page, 'best_epoch', 'li');
});

test('a parent shows its steps, which lead on, and the crumbs lead back', async (page) => {
  await open(page, '', world.second.parent);
  const steps = page.locator('section', { hasText: '3 nested runs' });
  await eventually(async () => assert.deepEqual(await steps.locator('li a > span:nth-child(2)').allInnerTexts(), ['download_data', 'train_random_forest', 'evaluate']));
  await shows(page, 'samples/seattle-weather');
  await shows(page, 'team: weather');
  await steps.getByRole('link', { name: 'evaluate' }).click();
  await heading(page, 'evaluate');
  await page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'pipeline 2' }).click();
  await heading(page, 'pipeline 2');
});

test('charts are drawn, zoom by dragging into raw points, and the zoom is in the address', async (page) => {
  await open(page, '/charts');
  await shows(page, '1 not finite', 'section');
  const chart = page.locator('section[aria-label="val/accuracy"]');
  await chart.getByText(/1.000 points/).waitFor();
  await drawn(page);
  const box = await place(chart.locator('.u-over'));
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.46, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+&to=\d+/);
  await chart.getByText(/points in this range/).waitFor();
  await drawn(page);
  const { from, to } = Object.fromEntries(new URL(page.url()).searchParams);
  assert.ok(Number(from) > 350 && Number(to) < 500, `${from}..${to}`);
  await eventually(async () => assert.ok(await drawnHighest(chart) < 0.15, 'the one-point spike at 431 reaches the top of the chart'));
  await page.getByRole('button', { name: /reset/ }).click();
  await chart.getByText(/1.000 points$/).waitFor();
}, { expect: readsPixels });

/** Where the topmost pixel of the line's colour is: 0 is the upper edge of the canvas, 1 the lower. */
function drawnHighest(chart) {
  return chart.locator('canvas').first().evaluate((canvas) => {
    const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--chart-1');
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    for (let at = 0; at < width * height; at++) {
      const i = at * 4;
      if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 24 && data[i + 3] > 200) return Math.floor(at / width) / height;
    }
    return 1;
  });
}

test('a spike of one point among a thousand is drawn', async (page) => {
  await open(page, '/charts');
  const chart = page.locator('section[aria-label="val/accuracy"]');
  await chart.getByText(/1.000 points/).waitFor();
  await eventually(async () => assert.ok(await drawnHighest(chart) < 0.15));
}, { expect: readsPixels });

test('the axis and scale are chosen in the address', async (page) => {
  await open(page, '/charts?x=relative&scale=log');
  await page.locator('section[aria-label="train/loss"] canvas').first().waitFor();
  await eventually(async () => assert.equal(await page.getByRole('button', { name: 'Elapsed' }).getAttribute('aria-pressed'), 'true'));
  await page.getByRole('button', { name: 'Axes and scales' }).click();
  await page.getByLabel('Logarithmic vertical scale').uncheck();
  await page.waitForURL((url) => !url.searchParams.has('scale'));
});

test('a chart grows while the run goes on', async (page) => {
  await open(page, '/charts', world.live);
  const chart = page.locator('section[aria-label="train/loss"]');
  await chart.getByText('200 points').waitFor();
  await world.api.update(world.live, { points: Array.from({ length: 50 }, (_, i) => ({ key: 'train/loss', value: 0.5, step: 200 + i })) });
  await chart.getByText('250 points').waitFor();
  await world.api.update(world.live, { points: [{ key: 'brand/new', value: 1, step: 0 }] });
  await page.locator('section[aria-label="brand/new"]').waitFor();
});

test('pictures load, and a slider walks through their steps', async (page) => {
  await open(page, '/media');
  const card = page.locator('section', { hasText: 'val/examples' }).last();
  await shows(page, 'step 300');
  await eventually(async () => assert.equal(await card.locator('img').evaluate((image) => image.naturalWidth), 320));
  await card.getByRole('slider').fill('1');
  await page.waitForURL(/step=100/);
  await card.getByText('after 100 trees').waitFor();
});

test('files show as picture, table or text', async (page) => {
  await open(page, '/files');
  const preview = page.locator('section[aria-label^="Preview"]');
  await shows(page, '700 rows · 5 columns');
  await preview.getByRole('cell', { name: '2012-01-01' }).waitFor();
  await preview.getByRole('cell', { name: 'rain, fog' }).first().waitFor();
  await page.getByRole('button', { name: 'train.json' }).click();
  await page.waitForURL(/path=config%2Ftrain.json/);
  await preview.locator('li', { hasText: 'max' }).getByText('12', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'notes.md' }).click();
  await preview.getByRole('heading', { name: 'Notes', level: 3 }).waitFor();
  await page.getByRole('button', { name: 'weights.bin' }).click();
  await preview.getByText('No preview').waitFor();
  await page.getByRole('button', { name: '3.png' }).click();
  await eventually(async () => assert.equal(await preview.locator('img').evaluate((image) => image.naturalWidth), 320));
});

test('logs are coloured, searched as a whole, and a line can be linked to', async (page) => {
  await open(page, '/logs');
  await shows(page, '2 500 lines'.replace(' ', '\u202f'));
  const log = page.getByRole('log');
  await log.getByText('epoch 3', { exact: true }).waitFor();
  const color = await log.getByText('epoch 3', { exact: true }).evaluate((span) => getComputedStyle(span).color);
  assert.notEqual(color, await log.evaluate((element) => getComputedStyle(element).color));
  await page.keyboard.press('/');
  await page.keyboard.type('EPOCH 2222');
  await page.locator('main').getByText('1 match').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/line=2223/);
  await log.locator('mark', { hasText: 'epoch 2222' }).waitFor();
});

test('the log of a run that goes on is followed', async (page) => {
  await open(page, '/logs', world.live);
  const log = page.getByRole('log');
  await log.getByText('epoch 39', { exact: true }).waitFor();
  await world.api.update(world.live, { logs: [...lines(60, 40), { line: 100, text: 'and this is the newest' }] });
  await log.getByText('and this is the newest').waitFor();
  await world.api.update(world.live, { logs: [{ line: 100, text: '10 %\r100 % done' }] });
  await log.getByText('100 % done').waitFor();
});

test('a run that ends says so without a reload', async (page) => {
  const run = await world.api.startRun({ experiment: world.experiment, name: 'short', jobType: 'train' });
  await open(page, '', run);
  await page.locator('main header').getByText('Running', { exact: true }).waitFor();
  await world.api.finish(run, 'failed');
  await page.locator('main header').getByText('Failed', { exact: true }).waitFor();
});

test('text of users never becomes markup or script, on any page', async (page) => {
  const paths = [`/experiments/${world.experimentId}`, ...['', '/charts', '/files?path=page.html', '/files?path=picture.svg', '/files?path=table.csv', '/logs'].map((tab) => `/runs/${world.evil.id}${tab}`)];
  for (const path of paths) {
    await go(page, path);
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await shows(page, 'onerror="window.tripped=1"');
    assert.equal(await page.locator('main img[src="x"], main script').count(), 0, path);
  }
  await open(page, '', world.evil);
  await heading(page, hostile);
}, { expect: [/Blocked script execution in/, /Content Security Policy/] });

test('a stored page or picture that is opened by itself runs nothing either', async (page) => {
  for (const file of ['page.html', 'picture.svg']) {
    const download = page.waitForEvent('download', { timeout: 3_000 }).catch(() => null);
    await page.goto(`${world.base}/api/v1/runs/${world.evil.id}/files/${file}`).catch(() => undefined);
    if (await Promise.race([download, page.waitForLoadState().then(() => null)])) continue;
    assert.equal(await page.evaluate(() => window.tripped).catch(() => undefined), undefined);
  }
}, { expect: [/Content Security Policy|sandbox/i] });
