// What W&B's clients log, seen on the pages to which their links lead.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { eventually, heading, shows, test, world } from './harness.mjs';
import { wandb } from './wandb.seed.mjs';

const project = `wandb-${randomBytes(4).toString('hex')}`;

test('the page of a sweep shows the best run first, and its buttons change the state', async (page) => {
  const client = wandb(world.base, project);
  const sweep = await client.sweep('method: grid\nmetric: {name: acc, goal: maximize}\nparameters:\n  lr: {values: [0.1, 0.2, 0.3]}\n');
  const agent = await client.agent(sweep);
  for (const acc of [0.5, 0.9]) {
    const [{ run_id: run }] = await client.beat(agent);
    await client.startRun(run, { sweep });
    await client.finish(run, [{ acc }]);
  }

  await page.goto(`${world.base}/cairn/${project}/sweeps/${sweep}`);
  await heading(page, `Sweep ${sweep}`);
  await shows(page, /grid[\s\S]*maximize acc[\s\S]*2 of 3 runs/, 'header');
  const rows = page.locator('tbody tr');
  await eventually(async () => {
    assert.match(await rows.nth(0).innerText(), /0\.9\s+0\.2/);
    assert.match(await rows.nth(1).innerText(), /0\.5\s+0\.1/);
  });
  await page.getByRole('img', { name: 'Best run' }).waitFor();
  await shows(page, 'method: grid', 'pre');

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('paused', { exact: true }).waitFor();
  assert.deepEqual(await client.beat(agent), []);
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByText('running', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('canceled', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resume' }).waitFor({ state: 'detached' });
  assert.deepEqual(await client.beat(agent), [{ type: 'exit' }]);
});

test('the basic flow of data versions is seen: who made them, who used them, where prod was moved', async (page) => {
  const client = wandb(world.base, project);
  await client.startRun('download', { job: 'download' });
  await client.startRun('preprocess', { job: 'preprocess' });
  await client.log('download', 'raw_data.csv', 'raw_data', 'a,b\n1,2\n');
  await client.use('preprocess', 'raw_data.csv:latest');
  await client.log('preprocess', 'clean_data.csv', 'clean_data', 'a,b\n1,2\n');
  await client.log('download', 'raw_data.csv', 'raw_data', 'a,b\n3,4\n');
  await client.log('download', 'raw_data.csv', 'raw_data', 'a,b\n3,4\n');
  await client.alias('raw_data.csv', 'v0', 'prod');
  await client.alias('raw_data.csv', 'v1', 'prod');

  await page.goto(`${world.base}/cairn/${project}/artifacts/raw_data/raw_data.csv/v0`);
  await page.getByRole('heading', { name: /raw_data\.csv:v0/ }).waitFor();
  const versions = page.getByRole('list', { name: 'Versions' });
  await eventually(async () => {
    assert.equal(await versions.locator('li').count(), 2);
    assert.match(await versions.locator('li').first().innerText(), /v1[\s\S]*prod/);
  });
  await page.getByRole('link', { name: 'preprocess' }).first().waitFor();
  await versions.getByText('v1', { exact: true }).click();
  await page.getByRole('heading', { name: /raw_data\.csv:v1/ }).waitFor();
  await page.getByRole('link', { name: 'History' }).click();
  const moves = page.locator('main ol > li');
  await moves.filter({ hasText: /prod/ }).filter({ hasText: /v0\s*v1/ }).first().waitFor();
});

test('an alert stands before what else a run has to say', async (page) => {
  const client = wandb(world.base, project);
  await client.startRun('alarmed');
  await client.alert('alarmed', 'Low accuracy', 'below 0.8');
  await page.goto(`${world.base}/cairn/${project}/runs/alarmed`);
  await shows(page, /Alerts[\s\S]*warn[\s\S]*Low accuracy[\s\S]*below 0\.8/, 'section');
});
