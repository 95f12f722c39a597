// A reader's flows on the versions that the sample made: data and models, and which of them is in production.
import assert from 'node:assert/strict';
import { ask, eventually, go, heading, shows, test, world } from './harness.mjs';

const written = (value) => String(Number(value.toPrecision(6)));
const row = (region, name) => region.locator('tr', { has: region.page().getByRole('rowheader', { name, exact: true }) }).first().innerText();

test('artifacts: every version of the sample is listed by type with its aliases', async (page) => {
  const { artifacts } = await ask(`/artifacts?experiment=${world.id}`);
  await go(page, `/experiments/${world.id}/artifacts`);
  for (const { name } of artifacts) await page.getByRole('link', { name, exact: true }).waitFor();
  await shows(page, 'reference → v1', 'tr');
  await go(page, '/artifacts?type=model');
  await page.getByRole('link', { name: 'model_export' }).waitFor();
  await page.getByRole('link', { name: 'clean_data.csv' }).waitFor({ state: 'detached' });
  await go(page, '/models');
  await page.locator('tr', { hasText: 'model_export' }).getByText('prod → v1').waitFor();
});

test('artifacts: a version tells size, digest, metadata and files, and its table is looked into', async (page) => {
  const { versions } = await ask(`/artifacts/${world.id}/clean_data.csv`);
  const version = versions.find((one) => one.version === 'v1');
  await go(page, `/artifacts/${world.id}/clean_data.csv?v=v1`);
  await page.getByRole('heading', { name: /clean_data\.csv:v1/ }).waitFor();
  await shows(page, version.digest.slice(0, 8));
  await page.getByRole('button', { name: /clean_data\.csv/ }).first().click().catch(() => undefined);
  await shows(page, /1\u202f?096 rows · \d+ columns/);
});

test('models: two versions are compared by what one run measured of both on the same days, and by their files', async (page) => {
  await go(page, `${world.model}/compare?a=v0&b=v1`);
  const facts = page.getByRole('region', { name: 'Facts of both versions' });
  const { metrics } = world.chains[1].evaluate;
  assert.ok(metrics['prod/auc'] < metrics.auc, 'the judge measured the holder too');
  await eventually(async () => {
    const auc = (await row(facts, 'auc')).replaceAll(/\s+/g, ' ');
    assert.ok(auc.startsWith(`auc ${written(metrics['prod/auc'])} ${written(metrics.auc)} +`), `${auc}: ${metrics['prod/auc']} → ${metrics.auc}`);
  });
  await page.getByRole('list', { name: 'Changed files' }).locator('li').first().waitFor();
});

test('models: the whole lineage of a model, up to the file and down to its judge', async (page) => {
  await go(page, `${world.model}/lineage?v=v1`);
  const graph = page.getByRole('group', { name: 'Lineage graph' });
  for (const name of [/raw_data\.csv:v1/, /clean_data\.csv:v1/, /train_data\.csv:v1/, /model_export:v1/]) await graph.getByRole('link', { name }).first().waitFor();
  await page.getByRole('button', { name: 'Made of it' }).click();
  await page.waitForURL(/dir=down/);
  await eventually(async () => assert.equal(await graph.getByRole('link', { name: /train_data/ }).count(), 0));
  await graph.getByRole('link', { name: /model_export:v1/ }).first().waitFor();
});

test('models: the gate shows why the model of spoilt data cannot have prod, with the figures of both', async (page) => {
  await go(page, `${world.model}?v=v2`);
  await page.keyboard.press('p');
  await page.waitForURL(/move=prod&to=v2/);
  const dialog = page.getByRole('dialog');
  const gate = dialog.getByRole('region', { name: 'Gate of prod' });
  await gate.getByRole('img', { name: 'failed' }).first().waitFor();
  const { metrics } = world.chains[2].evaluate;
  await gate.getByText(`auc ${written(metrics.auc)} of v2 against auc ${written(metrics['prod/auc'])} of v1`).waitFor();
  await eventually(async () => {
    const shown = (await row(dialog.getByRole('region', { name: 'Both versions' }), 'auc')).replaceAll(/\s+/g, ' ');
    assert.ok(shown.startsWith(`auc ${written(metrics['prod/auc'])} ${written(metrics.auc)} −`), `the table and the gate tell the same: ${shown}`);
  });
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('but I like it');
  await eventually(async () => assert.ok(await dialog.getByRole('button', { name: 'Point prod to v2' }).isDisabled()));
  await page.keyboard.press('Escape');
  await go(page, `${world.model}/history`);
  await shows(page, /v0\s*v1/, 'li');
});

test('models: prod is rolled back with a reason and moved forward again through the gate, and the history keeps both', async (page) => {
  await go(page, world.model);
  await page.locator('section[aria-label="Alias prod"]').getByRole('button', { name: 'Roll back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('to see the way back');
  await dialog.getByRole('textbox', { name: 'Your name' }).fill('lin');
  await dialog.getByRole('button', { name: 'Roll back to v0' }).click();
  await dialog.waitFor({ state: 'detached' });
  await shows(page, 'to see the way back', 'section[aria-label="Alias prod"]');
  assert.equal((await ask(`/artifacts/${world.id}/model_export`)).artifact.aliases.prod, 'v0');
  await page.getByRole('button', { name: 'Move an alias' }).click();
  await dialog.getByRole('combobox', { name: 'Version' }).selectOption('v1');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('and forward');
  const forward = dialog.getByRole('button', { name: 'Point prod to v1' }).or(dialog.getByRole('button', { name: 'Roll back to v1' }));
  await forward.click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal((await ask(`/artifacts/${world.id}/model_export`)).artifact.aliases.prod, 'v1');
  await page.getByRole('link', { name: /Alias history/ }).click();
  await page.locator('main ol > li', { hasText: 'to see the way back' }).waitFor();
  await page.locator('main ol > li', { hasText: 'and forward' }).waitFor();
  await go(page, '/');
  await page.locator('aside').getByText('prod → v1 (was v0)').first().waitFor();
  await page.locator('aside').getByRole('link', { name: 'model_export' }).first().click();
  await heading(page, 'model_export');
});
