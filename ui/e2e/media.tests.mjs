// Pictures, tables, plots and histograms of several runs.
import assert from 'node:assert/strict';
import { eventually, go, shows, test, world } from './harness.mjs';
import { mlflow } from './mlflow.seed.mjs';
import { png } from './png.mjs';
import { wandb } from './wandb.seed.mjs';

let made;

/** Three runs: W&B's media (as its file stream leaves them) and what MLflow's clients lay among the files. */
function gallery() {
  return (made ??= (async () => {
    const experiment = `${world.experiment}-media`;
    const runs = [];
    for (let i = 0; i < 3; i++) {
      const run = await world.api.startRun({ experiment, name: `painter ${i}`, tags: { 'mlflow.loggedArtifacts': '[{"path":"predictions.json","type":"table"}]' } });
      for (const step of [0, 50, 100]) {
        const path = `media/images/sample_${step}.png`;
        await world.api.putFile(run, path, png(80, 60, step + i * 40));
        await world.api.update(run, { media: [{ key: 'val/sample', step, time: 1, kind: 'image', path, caption: `epoch ${step}` }], points: [{ key: 'loss', step, value: 1 / (step + 1) }] });
      }
      await world.api.putFile(run, 'images/mask%step%7%timestamp%1700000000000%0a0b.png', png(40, 40, 90));
      const table = async (name, columns, data) => {
        await world.api.putFile(run, `media/table/${name}.table.json`, JSON.stringify({ columns, data }));
        await world.api.update(run, { media: [{ key: name, step: 100, time: 1, kind: 'table', path: `media/table/${name}.table.json` }] });
      };
      await table('cm', ['Actual', 'Predicted', 'nPredictions'], [['cat', 'cat', 8 + i], ['cat', 'dog', 2], ['dog', 'cat', 1], ['dog', 'dog', 9]]);
      await table('roc', ['class', 'fpr', 'tpr'], Array.from({ length: 21 }, (_, n) => ['cat', n / 20, Math.sqrt(n / 20)]));
      await world.api.putFile(run, 'predictions.json', JSON.stringify({ columns: ['text', 'label'], data: [['first row', 1], ['second <b>row</b>', 0]] }));
      await world.api.finish(run);
      runs.push(run);
    }
    return { id: runs[0].experimentId, runs };
  })());
}

const card = (page, name) => page.locator('section', { has: page.getByRole('heading', { name, exact: true, level: 2 }) }).last();

test('pictures of all runs stand side by side, and a slider walks through their steps', async (page) => {
  const { id } = await gallery();
  await go(page, `/experiments/${id}/charts`);
  const samples = card(page, 'val/sample');
  await samples.scrollIntoViewIfNeeded();
  await samples.getByText('step 100').waitFor();
  await samples.getByRole('img', { name: 'epoch 100' }).nth(2).waitFor();
  await samples.getByRole('slider').press('ArrowLeft');
  await page.waitForURL(/step=50/);
  await samples.getByRole('img', { name: 'epoch 50' }).nth(2).waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('section img')].every((img) => img.complete && img.naturalWidth > 0));
  await shows(page, 'mask');
});

test('a table is drawn as the plot it stands for, and as rows', async (page) => {
  const { id } = await gallery();
  await go(page, `/experiments/${id}/charts?q=roc`);
  await card(page, 'roc').getByRole('img', { name: 'roc: tpr by fpr' }).waitFor();
  await go(page, `/experiments/${id}/charts?q=cm`);
  await card(page, 'cm').getByRole('img', { name: /cm of painter 2: cat right 10 times/ }).waitFor();
  await card(page, 'cm').getByRole('button', { name: 'Rows' }).click();
  await card(page, 'cm').getByText('nPredictions').waitFor();
  const { runs } = await gallery();
  await card(page, 'cm').getByLabel('Run').selectOption(runs[0].id);
  await page.waitForURL((url) => url.searchParams.get('rows') === 'cm' && url.searchParams.get('of') === runs[0].id);
  await page.goto(page.url());
  await card(page, 'cm').getByText('nPredictions').waitFor();
  await eventually(async () => assert.equal(await card(page, 'cm').getByLabel('Run').inputValue(), runs[0].id));
  await go(page, `/experiments/${id}/charts?q=predictions`);
  await card(page, 'predictions.json').getByText('second <b>row</b>').waitFor();
});

test('a run alone shows its media too', async (page) => {
  const { runs } = await gallery();
  await go(page, `/runs/${runs[0].id}/media`);
  await card(page, 'cm').getByRole('img', { name: /cat right 8 times/ }).waitFor();
  assert.equal(await page.locator('figcaption').count(), 0);
});

let logged;

/** What `wandb.plot`, `wandb.Histogram` and `wandb.Image` send, through W&B's own door. */
function byWandb() {
  return (logged ??= (async () => {
    const project = `${world.experiment}-presets`;
    const client = wandb(world.base, project);
    const run = 'judge';
    await client.startRun(run);
    const table = async (name, columns, data) => {
      const path = `media/table/${name}.table.json`;
      await client.putFile(run, path, JSON.stringify({ columns, data, ncols: columns.length, nrows: data.length }));
      return { _type: 'table-file', path, ncols: columns.length, nrows: data.length };
    };
    const steps = [0, 1, 2];
    for (const step of steps) await client.putFile(run, `media/images/sample_${step}.png`, png(60, 40, step * 70));
    const rows = await Promise.all(steps.map(async (step) => ({
      loss: 1 / (step + 1),
      weights: { _type: 'histogram', values: [1 + step, 4, 9, 2], bins: [-1, -0.5, 0, 0.5, 1] },
      sample: { _type: 'image-file', path: `media/images/sample_${step}.png`, format: 'png', width: 60, height: 40, caption: `after ${step} epochs` },
      ...(step < 2 ? {} : {
        cm_table: await table('cm_table', ['Actual', 'Predicted', 'nPredictions'], [['rain', 'rain', 31], ['rain', 'sun', 4], ['sun', 'rain', 3], ['sun', 'sun', 62]]),
        roc_table: await table('roc_table', ['class', 'fpr', 'tpr'], Array.from({ length: 11 }, (_, i) => ['rain', i / 10, Math.sqrt(i / 10)])),
        pr_table: await table('pr_table', ['class', 'recall', 'precision'], Array.from({ length: 11 }, (_, i) => ['rain', i / 10, 1 - i / 20])),
      }),
    })));
    await client.finish(run, rows);
    return { run, project };
  })());
}

test('confusion, ROC and precision-recall of W&B’s presets, histograms over steps and pictures by step, as its client sends them', async (page) => {
  const { run, project } = await byWandb();
  await page.goto(`${world.base}/cairn/${project}/runs/${run}`);
  await page.waitForSelector('main h1');
  await page.getByRole('link', { name: /^Media/ }).click();
  await card(page, 'cm_table').getByRole('img', { name: /rain right 31 times, sun right 62 times/ }).waitFor();
  await card(page, 'roc_table').scrollIntoViewIfNeeded();
  await card(page, 'roc_table').getByRole('img', { name: 'roc_table: tpr by fpr' }).waitFor();
  await card(page, 'pr_table').scrollIntoViewIfNeeded();
  await card(page, 'pr_table').getByRole('img', { name: 'pr_table: precision by recall' }).waitFor();
  const weights = card(page, 'weights');
  await weights.scrollIntoViewIfNeeded();
  await weights.getByRole('img', { name: 'weights over 3 steps' }).waitFor();
  await weights.getByRole('img', { name: 'weights at step 2' }).waitFor();
  await weights.getByRole('slider').press('Home');
  await page.waitForURL(/step=0/);
  await weights.getByRole('img', { name: 'weights at step 0' }).waitFor();
  const sample = card(page, 'sample');
  await sample.scrollIntoViewIfNeeded();
  await sample.getByRole('img', { name: 'after 0 epochs' }).waitFor();
  await sample.getByRole('slider').press('End');
  await eventually(async () => assert.equal(await sample.getByRole('img', { name: 'after 2 epochs' }).evaluate((image) => image.naturalWidth), 60));
});

test('the plots of MLflow’s evaluation, its logged tables and its pictures by step, as its client lays them', async (page) => {
  const client = mlflow(world.base);
  const experiment = await client.experiment(`${world.experiment}-evaluated`);
  const run = await client.startRun(experiment, 'evaluated');
  for (const plot of ['confusion_matrix.png', 'roc_curve_plot.png', 'precision_recall_curve_plot.png']) await client.putArtifact(experiment, run, plot, png(90, 70, 40));
  await client.putArtifact(experiment, run, 'eval_results_table.json', JSON.stringify({ columns: ['question', 'answer'], data: [['will it rain?', 'yes'], ['and <b>snow</b>?', 'no']] }));
  await client.setTag(run, 'mlflow.loggedArtifacts', '[{"path":"eval_results_table.json","type":"table"}]');
  for (const step of [0, 10]) await client.putArtifact(experiment, run, `images/mask%step%${step}%timestamp%170000000000${step}%0a0b.png`, png(30 + step, 30, step * 9));
  await client.logMetric(run, 'accuracy', 0.9);
  await client.finish(run);

  await go(page, `/runs/${run}/media`);
  for (const plot of ['confusion_matrix.png', 'roc_curve_plot.png', 'precision_recall_curve_plot.png']) {
    await card(page, plot).scrollIntoViewIfNeeded();
    await eventually(async () => assert.equal(await card(page, plot).locator('img').evaluate((image) => image.naturalWidth), 90));
  }
  await card(page, 'eval_results_table.json').scrollIntoViewIfNeeded();
  await card(page, 'eval_results_table.json').getByText('and <b>snow</b>?').waitFor();
  const mask = card(page, 'mask');
  await mask.scrollIntoViewIfNeeded();
  await eventually(async () => assert.equal(await mask.locator('img').evaluate((image) => image.naturalWidth), 40));
  await mask.getByRole('slider').press('Home');
  await eventually(async () => assert.equal(await mask.locator('img').evaluate((image) => image.naturalWidth), 30));
});
