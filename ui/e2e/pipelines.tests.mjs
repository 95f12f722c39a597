// Pipelines: their runs with steps, timings and logs; triggers and jobs; the launch form.
import assert from 'node:assert/strict';
import { eventually, go, heading, shows, test, world } from './harness.mjs';

const graph = { download: [], clean: ['download'], train: ['clean'], evaluate: ['train', 'clean'] };
let seeded;

/** A pipeline's run as the runner leaves it, while it goes on: download is reused, clean done, train running. */
async function pipeline() {
  seeded ??= (async () => {
    const name = `weather-${world.experiment}`;
    const at = Date.now() - 60_000;
    const run = await world.api.startRun({
      experiment: name, name: 'calm-river', author: 'ada', jobType: name, startedAt: at, params: { 'model.trees': 200, shuffle: true },
      tags: { 'cairn.pipeline.name': name, 'cairn.pipeline.file': '/home/ada/my weather/pipeline.yaml', 'cairn.pipeline.overrides': '["model.trees=200"]', 'cairn.pipeline.graph': JSON.stringify(graph) },
    });
    const step = (step, offset) => world.api.startRun({ experiment: name, name: step, jobType: step, parentId: run.id, startedAt: at + offset });
    const clean = await step('clean', 1_000);
    await world.api.finish(clean, 'finished', at + 11_000);
    const train = await step('train', 12_000);
    await world.api.update(train, { logs: [{ line: 0, text: '\x1b[32mepoch 1\x1b[0m' }, { line: 1, text: 'MemoryError: no more', stream: 'stderr' }] });
    await world.api.update(run, { tags: { 'cairn.steps.download': `cached|${world.second.download.id}|10|nothing changed`, 'cairn.steps.clean': `succeeded|${clean.id}|10000|parameters changed (rows: 10 → 20)` } });
    await send('PUT', `/pipelines/${name}`, {
      experiment: name, source: { kind: 'git', location: 'https://host/weather.git' }, who: 'ada',
      triggers: [{ name: 'nightly', kind: 'schedule', schedule: '0 3 1 1 *', timezone: 'Europe/Berlin' }, { name: 'new data', kind: 'artifact', artifact: 'raw_data.csv' }],
    });
    return { name, run, clean, train };
  })();
  return seeded;
}

async function send(method, path, body) {
  const response = await fetch(`${world.base}/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

test('a run of a pipeline is drawn step by step, and a step that fails shows at once, with its log', async (page) => {
  const { run, train } = await pipeline();
  await go(page, '/pipelines');
  await page.locator('tr').filter({ hasText: run.experimentName }).getByRole('link', { name: 'calm-river' }).click();
  await heading(page, 'calm-river');
  const steps = page.getByRole('group', { name: 'Steps' });
  await steps.getByRole('button', { name: /download: reused, nothing changed|download/ }).waitFor();
  const told = async () => (await steps.getByRole('button').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
  await eventually(async () => assert.deepEqual(await told(), ['download reused, 10 ms', 'clean succeeded, 10 s', 'train running', 'evaluate waiting'].map((text) => text)));
  await steps.getByRole('button', { name: /clean/ }).click();
  await shows(page, 'parameters changed (rows: 10 → 20)');
  await eventually(() => assert.equal(new URL(page.url()).searchParams.get('step'), 'clean'));
  await steps.getByRole('button', { name: /train/ }).click();
  await shows(page, 'MemoryError: no more');
  const bars = page.getByRole('table', { name: 'Timings' }).getByRole('img');
  await eventually(async () => assert.equal(await bars.count(), 2));
  await world.api.finish(train, 'failed');
  await world.api.update(run, { tags: { 'cairn.steps.train': `failed|${train.id}|48000|the command ended with code 1` }, status: 'failed' });
  await shows(page, 'the command ended with code 1');
  await steps.getByRole('button', { name: /evaluate/ }).filter({ hasText: 'left out' }).waitFor();
  await shows(page, `cairn resume ${run.id}`);
  await shows(page, "cairn pipeline run '/home/ada/my weather' 'model.trees=200' --from train");
});

test('the runs of pipelines are searched with "/", and the search is in the address', async (page) => {
  const { run } = await pipeline();
  await go(page, '/pipelines');
  await page.getByRole('link', { name: 'calm-river' }).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(run.experimentName.toUpperCase());
  await eventually(async () => assert.deepEqual(await page.locator('tbody tr a[href*="/pipelines/runs/"]').allInnerTexts(), ['calm-river']));
  await page.waitForURL(/q=WEATHER/);
  await page.reload();
  await eventually(async () => assert.deepEqual(await page.locator('tbody tr a[href*="/pipelines/runs/"]').allInnerTexts(), ['calm-river']));
  await page.getByRole('searchbox').fill('nobody');
  await shows(page, 'No run of a pipeline tells of “nobody”');
});

test('a failed run is retried by a job, once', async (page) => {
  const { run, name, train } = await pipeline();
  await world.api.update(run, { status: 'failed' });
  await world.api.finish(train, 'failed');
  await go(page, `/pipelines/runs/${run.id}`);
  await page.getByRole('button', { name: 'Retry from the failed step' }).click();
  await page.getByText('A job to go on with this run waits for a worker').waitFor();
  const { jobs } = await send('GET', `/jobs?pipeline=${name}`);
  assert.equal(jobs.filter((job) => job.runId === run.id).length, 1);
});

test('triggers are paused, resumed and fired, and a job is cancelled', async (page) => {
  const { name } = await pipeline();
  await go(page, '/pipelines/triggers');
  const row = page.locator('tr').filter({ hasText: 'nightly' }).filter({ hasText: name });
  await row.getByText('0 3 1 1 * (Europe/Berlin)').waitFor();
  await row.getByRole('button', { name: 'Pause' }).click();
  await row.getByText('paused').waitFor();
  await row.getByRole('button', { name: 'Resume' }).click();
  await row.getByRole('button', { name: 'Pause' }).waitFor();
  await row.getByRole('button', { name: 'Fire' }).click();
  const job = page.locator('tr').filter({ hasText: name }).filter({ hasText: 'set off by hand' }).first();
  await job.getByRole('button', { name: 'Cancel' }).click();
  await job.getByText('cancelled').first().waitFor();
});

test('a pipeline is launched with other parameters, and the form is in the address', async (page) => {
  const { name } = await pipeline();
  await go(page, `/launch?what=pipeline:${name}`);
  await page.getByLabel('model.trees', { exact: true }).fill('300');
  await page.getByLabel('shuffle', { exact: true }).selectOption('false');
  await page.waitForURL((url) => /model\.trees=300.*shuffle=false/.test(url.searchParams.get('set')));
  await page.reload();
  await eventually(async () => assert.equal(await page.getByLabel('model.trees', { exact: true }).inputValue(), '300'));
  await shows(page, 'cairn pipeline run https://host/weather.git');
  await page.getByRole('button', { name: 'Launch', exact: true }).click();
  await page.getByText(`A job of “${name}” waits for a worker`).waitFor();
  const { jobs } = await send('GET', `/jobs?pipeline=${name}`);
  assert.deepEqual(jobs[0].changes, ['model.trees=300', 'shuffle=false']);
});

test('names of pipelines, steps and parameters are text, whatever they hold', async (page) => {
  const evil = `"><img src=x onerror="window.tripped=1"><script>window.tripped=1</script>`;
  const run = await world.api.startRun({
    experiment: `hostile-${world.experiment}`, name: evil, jobType: evil, params: { [evil.replaceAll('.', '')]: evil },
    tags: {
      'cairn.pipeline.name': evil, 'cairn.pipeline.file': `/tmp/${evil}/pipeline.yaml`, 'cairn.pipeline.overrides': JSON.stringify([`a=${evil}`]),
      'cairn.pipeline.graph': JSON.stringify({ [evil]: [], after: [evil] }), [`cairn.steps.${evil.replaceAll('.', '')}`]: `failed||1|${evil}`,
    },
  });
  await send('PUT', `/pipelines/${encodeURIComponent(`${evil.replaceAll('/', '')}`)}`, { experiment: `hostile-${world.experiment}`, source: { kind: 'folder', location: evil }, triggers: [{ name: evil, kind: 'schedule', schedule: '0 3 1 1 *' }] });
  await world.api.finish(run, 'failed');
  for (const path of ['/', '/pipelines', `/pipelines/runs/${run.id}`, '/pipelines/triggers', `/launch?what=${encodeURIComponent(`pipeline:${evil}`)}`, `/experiments/${run.experimentId}?group=jobType`, `/experiments/${run.experimentId}?cols=${encodeURIComponent(`params.${evil.replaceAll('.', '')}`)}`]) {
    await go(page, path);
    await page.locator('main').getByText('<img src=x', { exact: false }).first().waitFor();
    assert.equal(await page.locator('main img[src="x"], main script').count(), 0, path);
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('onerror');
  await page.getByRole('option', { name: /onerror/ }).first().waitFor();
});
