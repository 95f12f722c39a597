// What somebody who asks "which model is best, and why" comes across: chains, judged versions, failures, long names.
import assert from 'node:assert/strict';
import { eventually, go, prepare, shows, test, tooWide, world } from './harness.mjs';
import { client } from './seed.mjs';

let chain;
let wide;
prepare(async () => {
  const api = client(world.base);
  const experiment = `${world.experiment}-story`;
  const at = Date.now() - 20 * 60_000;
  const tags = { 'mlflow.project.entryPoint': 'main', 'mlflow.source.name': 'git.example/rain', 'mlflow.source.type': 'PROJECT' };
  const cycle = async (n, auc, before) => {
    const start = at + n * 60_000;
    const parent = await api.startRun({ experiment, name: `made-up-name-${n}`, author: 'ada', jobType: 'rain chain', startedAt: start, tags, params: { trees: 100 * n } });
    const step = async (name, offset, work) => {
      const run = await api.startRun({ experiment, name: `${name}-${n}`, author: 'ada', jobType: name, parentId: parent.id, startedAt: start + offset, tags: { ...tags, 'mlflow.source.name': `git.example/rain/${name}` } });
      await work(run);
      await api.finish(run, 'finished', start + offset + 900);
      return run;
    };
    await step('fetch', 100, (run) => api.commit(run, 'rain.csv', 'dataset', { 'rain.csv': `a\n${n}\n` }));
    await step('fit', 1_200, async (run) => {
      await api.use(run, 'rain.csv:latest');
      await api.commit(run, 'rain_model', 'model', { 'model.bin': `weights ${n}` });
    });
    await step('judge', 2_400, async (run) => {
      await api.use(run, 'rain_model:latest');
      if (before !== null) await api.use(run, 'rain_model:prod');
      await api.update(run, { points: [{ key: 'auc', value: auc, step: 0 }, ...(before === null ? [] : [{ key: 'prod/auc', value: before, step: 0 }])] });
    });
    await api.finish(parent, 'finished', start + 3_500);
    return parent;
  };
  const first = await cycle(1, 0.71, null);
  await api.move({ experimentId: first.experimentId, name: 'rain_model', version: 'v0' }, 'prod', { why: 'the first', who: 'ada' });
  const second = await cycle(2, 0.79, 0.74);

  const broken = await api.startRun({ experiment, name: 'broken', author: 'ada', jobType: 'fit', startedAt: at });
  await api.update(broken, { logs: ['begin', 'Traceback (most recent call last):', '\x1b[31mMemoryError\x1b[0m: cannot allocate 2 GiB', ''].map((text, line) => ({ line, text, stream: 'stderr' })) });
  await api.finish(broken, 'failed', at + 1_000);
  chain = { experimentId: first.experimentId, first, second, broken };

  const name = `sweep_resnet50_${'imagenet_lr0.001_bs256_'.repeat(8)}`;
  const runs = [];
  for (let i = 0; i < 3; i++) {
    const run = await api.startRun({ experiment: `${experiment}-wide`, name: `${name}-${i}`, author: 'somebody.with.a.long.address@research.example.org', startedAt: at, params: { kind: i % 2 }, tags: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`tag-${n}-${'x'.repeat(n)}`, 'value '.repeat(1 + (n % 9))])) });
    await api.update(run, { points: [{ key: 'score', value: i, step: 0 }, ...Array.from({ length: 60 }, (_, m) => ({ key: `group/metric_${m}_${'z'.repeat(m % 30)}`, value: m === 3 ? 'NaN' : 1 / (m + i + 1), step: 0 }))], summary: { best: { value: i + 0.5 } } });
    await api.finish(run, 'finished', at + 60_000);
    runs.push(run);
  }
  const artifact = `an_artifact_with_a_very_long_name_${'abc_'.repeat(14)}`;
  const version = await api.commit(runs[0], artifact, 'model', { [`${'deep/'.repeat(8)}${'y'.repeat(60)}.txt`]: 'text' }, { description: 'A long description. '.repeat(30), metadata: { note: 'long '.repeat(100) } });
  for (let i = 0; i < 7; i++) await api.move(version, `alias-number-${i}-rather-long`, { why: 'because '.repeat(40), who: 'somebody.with.a.long.address@research.example.org' });
  wide = { experimentId: version.experimentId, runs, artifact, name };
  world.wide = pagesOfWide();
});

test('a chain without a pipeline file is listed, drawn by what its steps made and read, and launched again', async (page) => {
  await go(page, '/pipelines');
  const row = page.locator(`tr:has(a[href="/pipelines/runs/${chain.second.id}"])`);
  await row.getByTitle('3 succeeded').waitFor();
  await row.getByRole('link', { name: 'made-up-name-2' }).click();
  await page.waitForURL(new RegExp(`/pipelines/runs/${chain.second.id}`));
  const graph = page.getByRole('group', { name: 'Steps' });
  const x = async (name) => (await graph.getByRole('button', { name }).boundingBox()).x;
  await eventually(async () => {
    const [fetch, fit, judge] = [await x('fetch'), await x('fit'), await x('judge')];
    assert.ok(fetch < fit && fit < judge, `${fetch} ${fit} ${judge}`);
  });
  await page.getByRole('link', { name: 'Run again' }).click();
  await page.waitForURL(/\/launch/);
  await page.getByLabel('trees').waitFor();
  await shows(page, 'cairn run git.example/rain');
  await go(page, `/runs/${chain.second.id}`);
  await page.getByRole('link', { name: 'As a graph' }).click();
  await page.waitForURL(/\/pipelines\/runs\//);
});

test('versions that one run judged are compared by their own metrics', async (page) => {
  await go(page, `/artifacts/${chain.experimentId}/rain_model/compare?a=v0&b=v1`);
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'auc', exact: true }) });
  await eventually(async () => assert.match(await row.innerText(), /auc\s+0\.74\s+0\.79\s+\+0\.05/));
});

test('a run that failed shows its last words before all else', async (page) => {
  await go(page, `/runs/${chain.broken.id}`);
  const card = page.locator('main section').filter({ hasText: 'Its last words' }).first();
  await card.getByText('MemoryError').waitFor();
  await eventually(async () => assert.doesNotMatch(await card.innerText(), /\u001b|\[31m/));
  await card.getByRole('link', { name: 'Whole log' }).click();
  await page.waitForURL(/\/logs\?line=4/);
});

test('values without a line stand side by side: set as a summary, and the means of groups', async (page) => {
  await go(page, `/experiments/${wide.experimentId}/charts`);
  await page.locator('section[aria-label="best.value"]').getByText('3 runs').waitFor();
  await go(page, `/experiments/${wide.experimentId}/charts?group=params.kind`);
  await page.locator('section[aria-label="score"]').getByText('2 groups: means').waitFor();
  await page.locator('section[aria-label="best.value"]').getByText(/groups?: means/).waitFor();
});

test('long names are cut where they say least, and what is much is told in part', async (page) => {
  await go(page, `/experiments/${wide.experimentId}`);
  const link = page.getByRole('link', { name: `${wide.name}-2` });
  await link.waitFor();
  // The end, by which runs of a series differ, is within the cell.
  const ends = () => link.evaluate((element) => {
    const range = document.createRange();
    const last = element.querySelector('.cutMiddle').lastChild;
    range.setStart(last, last.length - 2);
    range.setEnd(last, last.length);
    return [element.closest('[role=cell]').getBoundingClientRect().right, range.getBoundingClientRect().right];
  });
  await eventually(async () => {
    const [cell, end] = await ends();
    assert.ok(end <= cell, `${end} > ${cell}`);
  }, 15_000);
  await go(page, `/runs/${wide.runs[0].id}`);
  await page.getByRole('button', { name: 'Show all 62' }).click();
  await page.getByText('group/metric_59', { exact: false }).first().waitFor();
  await go(page, `/artifacts/${wide.experimentId}/${wide.artifact}`);
  const told = (count) => eventually(async () => assert.equal(await page.locator('section[aria-label^="Alias alias-number"]').count(), count));
  await told(3);
  await page.getByRole('button', { name: 'Show why' }).click();
  await told(7);
});

function pagesOfWide() {
  const at = `/artifacts/${wide.experimentId}/${wide.artifact}`;
  const run = `/runs/${wide.runs[0].id}`;
  return [
    `/experiments/${wide.experimentId}`, `/experiments/${wide.experimentId}/charts`, `/experiments/${wide.experimentId}/artifacts`, '/models', run, `${run}/charts`,
    `/compare?runs=${wide.runs.map(({ id }) => id).join(',')}`, at, `${at}/history`, `${at}/gates?gate=prod`, `${at}/lineage`, `${at}?move=prod&to=v0`,
  ];
}

test('long names keep every page within a phone', async (page) => {
  for (const path of pagesOfWide()) {
    await go(page, path);
    await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
    await eventually(async () => assert.equal(await tooWide(page), null, path), 15_000);
  }
}, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

test('the run that made what is in production says so in the table and on its page', async (page) => {
  await go(page, `/experiments/${chain.experimentId}`);
  const mark = page.getByRole('link', { name: 'made rain_model:v0, which is prod' });
  await mark.waitFor();
  await eventually(async () => assert.match(await page.getByRole('row').filter({ has: mark }).innerText(), /fit-1/));
  await page.getByRole('link', { name: 'fit-1', exact: true }).click();
  await page.waitForURL(/\/runs\//);
  await page.getByRole('link', { name: 'made rain_model:v0, which is prod' }).click();
  await page.waitForURL(/\/rain_model\?v=v0/);
});
