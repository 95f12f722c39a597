// Pictures, tables, plots and histograms of several runs.
import assert from 'node:assert/strict';
import { go, shows, test, world } from './harness.mjs';
import { png } from './png.mjs';

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
  await go(page, `/experiments/${id}/charts?q=predictions`);
  await card(page, 'predictions.json').getByText('second <b>row</b>').waitFor();
});

test('a run alone shows its media too', async (page) => {
  const { runs } = await gallery();
  await go(page, `/runs/${runs[0].id}/media`);
  await card(page, 'cm').getByRole('img', { name: /cat right 8 times/ }).waitFor();
  assert.equal(await page.locator('figcaption').count(), 0);
});
