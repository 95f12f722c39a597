// What stands around every page: the palette, the first page's news, settings.
import assert from 'node:assert/strict';
import { eventually, go, heading, shows, test, world } from './harness.mjs';

test('the palette goes to a run, an experiment, an artifact and a page', async (page) => {
  await go(page, '/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('live-train');
  await page.getByRole('option', { name: new RegExp(`live-training ${world.experiment}`) }).waitFor();
  await page.keyboard.press('Enter');
  await heading(page, 'live-training');
  await page.keyboard.press('Control+k');
  await page.keyboard.type(world.many);
  await page.getByRole('option', { name: new RegExp(world.many) }).first().click();
  await heading(page, world.many);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('model_exp');
  await page.getByRole('option', { name: /model_export/ }).first().click();
  await heading(page, 'model_export');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('settings');
  await page.keyboard.press('Enter');
  await heading(page, 'Settings');
});

test('the palette finds a run by its id, and does what the page offers', async (page) => {
  await go(page, `/experiments/${world.experimentId}`);
  await page.keyboard.press('Control+k');
  await page.keyboard.type(world.second.train.id.slice(0, 10));
  await page.getByRole('option', { name: /train_random_forest/ }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('runs flat');
  await page.keyboard.press('Enter');
  await page.waitForURL(/tree=flat/);
});

test('the palette opens nothing that was found for other words than those that stand there', async (page) => {
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await page.route(/\/api\/v1\/runs\?.*trial-250/, async (route) => {
    await held;
    await route.continue();
  });
  await go(page, '/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('trial-25');
  await page.getByRole('option', { name: /trial-259/ }).waitFor();
  await page.keyboard.type('0');
  await page.getByRole('option', { name: /trial-259/ }).waitFor({ state: 'detached' });
  answer();
  await page.getByRole('option', { name: /trial-250/ }).waitFor();
  await page.keyboard.press('Enter');
  await heading(page, 'trial-250');
});

test('the first page tells promotions, and what failed with its reason', async (page) => {
  await go(page, '/');
  await shows(page, 'row_count: 8 rows, at least 1000 wanted', 'aside');
  await shows(page, 'prod → v1 (was v0)', 'aside');
  await page.locator('aside').getByRole('link', { name: 'model_export' }).first().click();
  await heading(page, 'model_export');
});

test('settings tell what takes how much place, and empty the bin', async (page) => {
  const run = await world.api.startRun({ experiment: `${world.experiment}-gc`, name: 'to go' });
  await world.api.putFile(run, 'big.bin', Buffer.alloc(50_000, run.id));
  await fetch(`${world.base}/api/v1/runs/${run.id}`, { method: 'DELETE' });
  await go(page, '/settings');
  await page.getByRole('row', { name: /Files of runs/ }).waitFor();
  await page.getByRole('group', { name: 'How long deleted' }).getByRole('button', { name: 'at all' }).click();
  await page.getByRole('button', { name: 'See what would go' }).click();
  await page.getByText(/\d+ runs?, .* would go for good/).waitFor();
  assert.equal((await fetch(`${world.base}/api/v1/runs/${run.id}`)).status, 200);
  await page.getByRole('button', { name: 'Empty the bin' }).click();
  await page.getByText(/freed: \d+ runs?/).first().waitFor();
  await eventually(async () => assert.equal((await fetch(`${world.base}/api/v1/runs/${run.id}`)).status, 404));
});

test('a file of the pages that cannot be fetched once is fetched again, and nothing tells of an error', async (page) => {
  let failed = 0;
  await page.route('**/assets/ModelsPage-*.js', (route) => (failed++ === 0 ? route.abort('connectionreset') : route.continue()));
  await go(page, '/pipelines');
  // Not by the pointer: the file would be asked for when it comes near.
  await page.getByRole('link', { name: 'Models', exact: true }).first().evaluate((link) => link.click());
  await heading(page, 'Models');
  assert.ok(failed > 1, 'the file was not asked for twice');
}, { expect: [/ERR_CONNECTION_RESET/] });
