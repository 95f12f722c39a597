// What the pictures of docs/ui show: a small team's weather forecast. Everything is written through the APIs that users use.
import { client, lines, pipeline, points } from './seed.mjs';
import { seedThings } from './things.seed.mjs';
import { wandb } from './wandb.seed.mjs';

const experiment = 'seattle-weather';

export async function showcase(base) {
  const api = client(base);
  const send = async (method, path, body) => {
    const response = await fetch(base + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json().catch(() => null);
  };
  const now = Date.now();
  const first = await pipeline(api, experiment, now - 26 * 3_600_000, 'ada', 1);
  const second = await pipeline(api, experiment, now - 5 * 3_600_000, 'grace', 2);
  await api.move(first.model, 'prod', { why: 'first model: nothing to compare with', who: 'ada', runId: first.evaluate.id });
  await api.move(second.model, 'prod', { expect: 'v0', why: 'accuracy 0.86 beats 0.84 of v0 on the newest year', who: 'grace', runId: second.evaluate.id });
  await api.move(first.model, 'baseline', { why: 'what every new model is held against', who: 'ada' });
  for (const { parent, download, train, evaluate } of [first, second]) {
    await api.update(parent, {
      tags: {
        'cairn.pipeline.name': experiment, 'cairn.pipeline.file': 'samples/seattle-weather/pipeline.yaml', 'cairn.pipeline.graph': JSON.stringify({ download_data: [], train_random_forest: ['download_data'], evaluate: ['train_random_forest', 'download_data'] }),
        'cairn.steps.download_data': `succeeded|${download.id}|1700|its source has new data`, 'cairn.steps.train_random_forest': `succeeded|${train.id}|17500|raw_data.csv changed`, 'cairn.steps.evaluate': `succeeded|${evaluate.id}|3000|model_export changed`,
      },
    });
  }
  const trials = [];
  for (let i = 0; i < 24; i++) trials.push(await trial(api, i, now - 4 * 3_600_000 + i * 240_000));
  const failed = await api.startRun({ experiment, name: 'check_data', author: 'ada', jobType: 'check_data', startedAt: now - 70 * 60_000 });
  await api.update(failed, { logs: [{ line: 0, text: '\x1b[31mrow_count\x1b[0m: 8 rows, at least 1000 wanted', stream: 'stderr' }] });
  await api.finish(failed, 'failed', now - 70 * 60_000 + 2_000);
  const live = await api.startRun({ experiment, name: 'train_gradient_boosting', author: 'margaret', jobType: 'train', startedAt: now - 9 * 60_000, params: { trees: 400, lr: 0.05 } });
  await api.update(live, { points: points('train/loss', 200, (i) => 2 / (i + 1), now - 8 * 60_000), logs: lines(400) });
  const things = await seedThings(base, experiment);
  for (const [name, runs] of [['airbnb-prices', 7], ['leaf-images', 12], ['churn', 4]]) {
    for (let i = 0; i < runs; i++) {
      const run = await api.startRun({ experiment: name, name: `baseline ${i + 1}`, author: ['ada', 'linus', 'grace'][i % 3], jobType: 'train', startedAt: now - (i + 2) * 5 * 3_600_000, params: { lr: 0.1 / (i + 1), layers: 2 + (i % 4) } });
      await api.update(run, { points: points('loss', 60, (step) => (1 + i / 10) / (step + 2), now - 3_600_000) });
      await api.finish(run, 'finished', now - (i + 2) * 5 * 3_600_000 + 1_200_000);
    }
  }
  const agents = wandb(base, 'leaf-images');
  const sweep = await agents.sweep('method: grid\nmetric: {name: accuracy, goal: maximize}\nparameters:\n  lr: {values: [0.3, 0.1, 0.03]}\n  layers: {values: [2, 4]}\n');
  const agent = await agents.agent(sweep);
  for (const accuracy of [0.71, 0.78, 0.84, 0.88, 0.81]) {
    const [{ run_id: id }] = await agents.beat(agent);
    await agents.startRun(id, { sweep });
    await agents.finish(id, [{ accuracy: accuracy - 0.2 }, { accuracy: accuracy - 0.05 }, { accuracy }]);
  }
  await send('PUT', '/api/v1/pipelines/seattle-weather', {
    experiment, source: { kind: 'folder', location: '/srv/samples/seattle-weather' }, who: 'ada',
    triggers: [
      { name: 'nightly', kind: 'schedule', schedule: '0 3 * * *', timezone: 'Europe/Berlin' },
      { name: 'new-data', kind: 'artifact', experiment, artifact: 'raw_data.csv' },
    ],
  });
  return { experimentId: first.parent.experimentId, first, second, trials, live, things, sweep };
}

async function trial(api, i, startedAt) {
  const [depth, lr, trees] = [4 + (i % 6) * 2, [0.3, 0.1, 0.03, 0.01][i % 4], 50 * (1 + (i % 5))];
  const best = 0.78 + 0.06 * Math.exp(-(((depth - 9) / 6) ** 2)) + 0.03 * (lr < 0.2) + 0.0001 * trees;
  const run = await api.startRun({ experiment, name: `trial-${String(i + 1).padStart(2, '0')}`, author: ['ada', 'grace', 'linus'][i % 3], jobType: 'trial', startedAt, params: { depth, lr, trees, features: ['wind', 'temp_max'] }, tags: { sweep: 'forest' } });
  await api.update(run, {
    points: [
      ...points('train/loss', 200, (step) => 1.2 * Math.exp(-step * lr * 0.6) + 0.25 + 0.02 * Math.sin(step * 1.7 + i), startedAt),
      ...points('val/accuracy', 200, (step) => best - 0.35 * Math.exp(-step * lr * 0.4) + 0.006 * Math.sin(step * 2.3 + i), startedAt),
      { key: 'accuracy', value: Number(best.toFixed(4)), step: 200 }, { key: 'log_loss', value: Number((1.3 - best).toFixed(4)), step: 200 },
    ],
  });
  await api.finish(run, 'finished', startedAt + 180_000);
  return run;
}

/** The pages of the gallery: file name, address, what one sees. `phone` ones are taken on a phone too. */
export function pagesOfShowcase({ experimentId, second, trials, live, things, sweep }) {
  const run = `/runs/${things.run.id}`;
  const train = `/runs/${second.train.id}`;
  const model = `/artifacts/${experimentId}/model_export`;
  const forecaster = `/artifacts/${experimentId}/forecaster`;
  const file = (path) => `${run}/files?path=${encodeURIComponent(path)}`;
  const chosen = trials.slice(0, 12).map(({ id }) => id);
  return [
    { name: 'home', path: '/', tells: 'What goes on: experiments, running now, latest promotions', phone: true },
    { name: 'runs', path: `/experiments/${experimentId}`, tells: 'The runs of an experiment', phone: true },
    { name: 'runs-filtered', path: `/experiments/${experimentId}?filter=${encodeURIComponent('metrics.accuracy > 0.8')}&sort=-metrics.accuracy&tree=flat&cols=metrics.accuracy,params.depth,params.lr,params.trees`, tells: 'Filtered and sorted, with columns of choice' },
    { name: 'workspace', path: `/experiments/${experimentId}/charts?sel=${chosen.join(',')}`, tells: 'Charts of many runs' },
    { name: 'compare', path: `/compare?runs=${chosen.slice(0, 4).join(',')}`, tells: 'Runs side by side' },
    { name: 'compare-charts', path: `/compare?runs=${chosen.slice(0, 4).join(',')}&view=charts`, tells: 'Their charts' },
    { name: 'experiment-artifacts', path: `/experiments/${experimentId}/artifacts`, tells: 'The artifacts of an experiment' },
    { name: 'run', path: run, tells: 'A run: alerts, notes, metrics, parameters, source', phone: true },
    { name: 'run-params-compared', path: `${run}?vs=${things.earlier.id}`, tells: 'Its parameters against those of another run' },
    { name: 'run-pipeline', path: `/runs/${second.parent.id}`, tells: 'A run with steps' },
    { name: 'run-charts', path: `${train}/charts`, tells: 'Its charts', phone: true },
    { name: 'run-media', path: `${train}/media`, tells: 'Pictures by step' },
    { name: 'run-files-markdown', path: file('README.md'), tells: 'Files: Markdown', phone: true },
    { name: 'run-files-table', path: file('data/train.parquet'), tells: 'Files: Parquet and CSV as tables with column statistics' },
    { name: 'run-files-notebook', path: file('explore.ipynb'), tells: 'Files: notebooks' },
    { name: 'run-files-json', path: file('result.json'), tells: 'Files: JSON as a tree' },
    { name: 'run-files-html', path: file('report.html'), tells: 'Files: HTML in a sandbox' },
    { name: 'run-logs', path: `${train}/logs`, tells: 'The log, with colours and search', phone: true },
    { name: 'run-live', path: `/runs/${live.id}`, tells: 'A run that goes on, and can be stopped' },
    { name: 'run-code', path: `${run}/code`, tells: 'Command, uncommitted changes, environment, machine' },
    { name: 'run-system', path: `${run}/system`, tells: 'The load of its machine' },
    { name: 'run-lineage', path: `${train}/lineage`, tells: 'What it was made from and what came of it' },
    { name: 'artifacts', path: '/artifacts', tells: 'All artifacts of the server' },
    { name: 'models', path: '/models', tells: 'The model registry', phone: true },
    { name: 'artifact', path: model, tells: 'A model: who decided what is in production, versions, files', phone: true },
    { name: 'artifact-signature', path: `${forecaster}?v=v1`, tells: 'A model with its signature' },
    { name: 'artifact-lineage', path: `${model}/lineage?v=v1`, tells: 'Where a version came from and what came of it', phone: true },
    { name: 'artifact-compare', path: `${forecaster}/compare?a=v0&b=v1&path=examples/input.csv`, tells: 'Two versions compared' },
    { name: 'artifact-history', path: `${forecaster}/history`, tells: 'Every move of an alias, and what the gate said' },
    { name: 'promote', path: `${forecaster}?move=prod&to=v2`, tells: 'Moving an alias: both versions, the gate, the reason', phone: true },
    { name: 'sweep', path: `/cairn/leaf-images/sweeps/${sweep}`, tells: 'A sweep, the best run first' },
    { name: 'pipeline', path: `/pipelines/runs/${second.parent.id}`, tells: 'A pipeline’s run: graph, states, timings' },
    { name: 'not-found', path: '/no/such/page', tells: 'An address that leads nowhere' },
  ];
}
