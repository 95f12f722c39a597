import assert from 'node:assert/strict';
import { eventually, go, heading, place, shows, test, world } from './harness.mjs';

const open = (page, rest = '') => go(page, `/artifacts/${world.experimentId}/model_export${rest}`);

test('who decided which version is prod, when and why stands before all else', async (page) => {
  await open(page);
  const card = page.locator('section[aria-label="Alias prod"]');
  await eventually(async () => {
    const told = await card.innerText();
    for (const one of [/prod\s+v1/, /accuracy 0\.86 beats 0\.84 of v0 on the newest year/, /grace/, /before: v0/, /v0\s+v1/]) assert.match(told, one);
  });
  assert.match(await card.locator('time').getAttribute('title'), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  await card.getByRole('link', { name: 'evaluate' }).click();
  await page.waitForURL(new RegExp(`/runs/${world.second.evaluate.id}`));
});

test('versions are listed, one is chosen, and its files, metadata and runs are shown', async (page) => {
  await open(page);
  const versions = page.getByRole('list', { name: 'Versions' });
  await eventually(async () => {
    assert.equal(await versions.locator('li').count(), 2);
    assert.match(await versions.locator('[aria-current]').innerText(), /v1[\s\S]*prod[\s\S]*latest/);
  });
  await versions.getByText('v0', { exact: true }).click();
  await page.waitForURL(/v=v0/);
  await page.getByRole('heading', { name: /model_export:v0/ }).waitFor();
  await page.getByRole('link', { name: 'train_random_forest' }).waitFor();
  await page.getByRole('link', { name: 'evaluate' }).last().waitFor();
  await shows(page, /trees\s*100/, 'section');
  await page.getByRole('button', { name: 'MLmodel' }).click();
  await shows(page, 'cycle: 1', 'pre');
  await page.keyboard.press('k');
  await page.waitForURL(/v=v1/);
  await shows(page, 'cycle: 2', 'pre');
});

test('an alias in the address stands for its version', async (page) => {
  await open(page, '?v=prod');
  await page.getByRole('heading', { name: /model_export:v1/ }).waitFor();
});

test('the history tells every move with its reason', async (page) => {
  await open(page, '/history?alias=prod');
  await eventually(async () => {
    const moves = await page.locator('main ol > li').allInnerTexts();
    assert.equal(moves.length, 2);
    assert.match(moves[0], /v0\s+v1[\s\S]*accuracy 0\.86 beats/);
    assert.match(moves[1], /new\s+v0[\s\S]*first model[\s\S]*ada/);
  });
  await page.getByRole('button', { name: 'all', exact: true }).click();
  await page.waitForURL((url) => !url.searchParams.has('alias'));
});

test('the lineage graph shows both directions, can be moved and leads on', async (page) => {
  await open(page, '/lineage?v=v1');
  const graph = page.getByRole('group', { name: 'Lineage graph' });
  const left = async (name) => (await place(graph.getByRole('link', { name }))).x;
  await graph.getByRole('link', { name: /model_export:v1/ }).waitFor();
  const order = [await left(/Run download_data|download_data/), await left(/raw_data\.csv:v1/), await left(/train_random_forest/), await left(/model_export:v1/), await left(/evaluate/)];
  assert.deepEqual(order, [...order].sort((a, b) => a - b));
  assert.match(await graph.getAttribute('aria-description'), /^5 nodes, 4 edges/);

  const before = await left(/model_export:v1/);
  const frame = await place(graph);
  await page.mouse.move(frame.x + 40, frame.y + 40);
  await page.mouse.down();
  await page.mouse.move(frame.x + 140, frame.y + 60, { steps: 4 });
  await page.mouse.up();
  await eventually(async () => assert.equal(Math.round(await left(/model_export:v1/) - before), 100));
  const width = (await graph.getByRole('link', { name: /model_export:v1/ }).boundingBox()).width;
  await page.mouse.wheel(0, -300);
  await eventually(async () => assert.ok((await graph.getByRole('link', { name: /model_export:v1/ }).boundingBox()).width > width * 1.2));

  await page.getByRole('button', { name: 'Show all' }).click();
  await graph.getByRole('link', { name: /raw_data\.csv:v1/ }).click();
  await page.waitForURL(/raw_data\.csv\/lineage\?v=v1/);
  await heading(page, 'raw_data.csv');
});

test('a new decision appears without a reload', async (page) => {
  await go(page, `/artifacts/${world.experimentId}/raw_data.csv`);
  await shows(page, '2 versions');
  await world.api.move({ experimentId: world.experimentId, name: 'raw_data.csv', version: 'v0' }, 'reference', { why: 'the year everybody knows', who: 'ada' });
  await shows(page, 'the year everybody knows', 'section[aria-label="Alias reference"]');
});

test('a version that only points to files elsewhere says that there are none here', async (page) => {
  const name = `${world.experiment}-pointer`;
  const mlflow = async (path, body) => {
    const response = await fetch(`${world.base}/api/2.0/mlflow/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    assert.equal(response.status, 200, await response.text());
  };
  await mlflow('registered-models/create', { name });
  await mlflow('model-versions/create', { name, source: 's3://bucket/model', run_id: world.first.train.id });
  await go(page, '/models');
  await page.getByRole('link', { name, exact: true }).first().click();
  await heading(page, name);
  await shows(page, 'There are no files here.');
  const box = (of) => page.locator(`main [class*=${of}]`).first().boundingBox();
  await eventually(async () => {
    const [facts, files] = [await box('factCards'), await box('browser')];
    assert.equal(Math.round(files.y - facts.y - facts.height), 16, 'the cards stand apart');
  });
});
