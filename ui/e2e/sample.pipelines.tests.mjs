// A reader's flows on the sample's pipeline: its runs step by step, triggers, jobs, the launch form; settings.
import assert from 'node:assert/strict';
import { ask, eventually, go, heading, inAddress, shows, test, world } from './harness.mjs';

const stepsOf = (page) => page.getByRole('group', { name: 'Steps' });
const told = async (page) => Object.fromEntries((await stepsOf(page).getByRole('button').allInnerTexts()).map((text) => text.trim().split(/\s+/)).map(([name, state]) => [name, state.replace(',', '')]));

test('pipelines: all runs are listed, and one shows what was reused and why the rest ran', async (page) => {
  const { root, train_random_forest: train } = world.executions[1];
  await go(page, '/pipelines');
  for (const { root: one } of world.executions) await page.getByRole('link', { name: one.run.name }).waitFor();
  await page.getByRole('link', { name: root.run.name }).click();
  await heading(page, root.run.name);
  await eventually(async () => assert.deepEqual(await told(page), { download_data: 'reused', preprocess: 'reused', check_data: 'reused', split_data: 'reused', train_random_forest: 'succeeded', evaluate: 'succeeded' }));
  await stepsOf(page).getByRole('button', { name: /train_random_forest/ }).click();
  await shows(page, 'params changed (trees: 100 → 60)');
  await page.getByRole('link', { name: 'train_data.csv:v1' }).first().waitFor();
  await eventually(() => assert.equal(inAddress(page, 'step'), 'train_random_forest'));
  // Only what ran has a bar.
  await eventually(async () => assert.equal(await page.getByRole('table', { name: 'Timings' }).getByRole('img', { name: /took/ }).count(), 2));
  await page.getByRole('log').waitFor();
  await page.getByRole('link', { name: train.run.name, exact: true }).first().click();
  await heading(page, train.run.name);
});

test('pipelines: a failed check stops what comes after it, its log says why, and retrying leaves one job', async (page) => {
  const { root } = world.executions[2];
  await go(page, `/pipelines/runs/${root.run.id}`);
  await eventually(async () => assert.deepEqual(await told(page), { download_data: 'succeeded', preprocess: 'succeeded', check_data: 'failed', split_data: 'left', train_random_forest: 'left', evaluate: 'left' }));
  await page.getByRole('log').getByText(/row_count/).first().waitFor();
  await shows(page, `cairn resume ${root.run.id}`);
  await page.getByRole('button', { name: 'Retry from the failed step' }).click();
  await page.getByText('A job to go on with this run waits for a worker').waitFor();
  const { jobs } = await ask('/jobs?pipeline=seattle-weather');
  assert.equal(jobs.filter((job) => job.runId === root.run.id).length, 1);
});

test('triggers: the schedule and the check of the pipeline file are there; one is fired and its job cancelled', async (page) => {
  await go(page, '/pipelines/triggers');
  const monthly = page.locator('tr').filter({ hasText: 'monthly' });
  await monthly.getByText('on day 1 of every month at 04:00 (America/Los_Angeles)').waitFor();
  await monthly.getByText('0 4 1 * *', { exact: true }).waitFor();
  await page.locator('tr').filter({ hasText: 'lost-quality' }).getByText('paused').waitFor();
  await monthly.getByRole('button', { name: 'Fire' }).click();
  const job = page.locator('tr').filter({ hasText: 'set off by hand' }).first();
  await job.getByRole('button', { name: 'Cancel' }).click();
  await job.getByText('cancelled').first().waitFor();
  await page.locator('tr').filter({ hasText: 'lost-quality' }).getByRole('button', { name: 'Resume' }).click();
  await page.locator('tr').filter({ hasText: 'lost-quality' }).getByRole('button', { name: 'Pause' }).click();
  await page.locator('tr').filter({ hasText: 'lost-quality' }).getByText('paused').waitFor();
});

test('launch: the form has the parameters of the pipeline file, and of each component that ran', async (page) => {
  await go(page, '/launch?what=pipeline:seattle-weather');
  for (const key of ['file', 'test_days', 'model.trees', 'model.leaves', 'model.seed', 'metric', 'min_gain']) await page.getByLabel(key, { exact: true }).waitFor();
  await page.getByLabel('model.trees', { exact: true }).fill('80');
  await page.getByRole('button', { name: 'Launch', exact: true }).click();
  await page.getByText('A job of “seattle-weather” waits for a worker').waitFor();
  const { jobs } = await ask('/jobs?pipeline=seattle-weather');
  assert.ok(jobs[0].changes.includes('model.trees=80'), JSON.stringify(jobs[0].changes));
  await go(page, '/launch');
  await page.getByRole('navigation', { name: 'What to launch' }).getByRole('link', { name: /evaluate/ }).first().click();
  await shows(page, /cairn run .*evaluate/, 'pre');
});

test('settings: what the sample’s store takes, and that its bin is empty', async (page) => {
  const { uses } = await ask('/storage');
  await go(page, '/settings');
  await page.getByRole('row', { name: /Database: runs, metrics, logs/ }).waitFor();
  for (const { kind } of uses.filter((use) => use.kind.startsWith('artifacts: '))) await page.getByRole('row', { name: new RegExp(`of type ${kind.slice(11)}`) }).waitFor();
  await page.getByRole('button', { name: 'See what would go' }).click();
  await page.getByText(/Nothing would go|would go for good/).waitFor();
});
