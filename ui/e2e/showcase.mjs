// What the pictures of docs/ui show: a small team's weather forecast. Everything is written through the APIs that users use;
// names, ids and numbers are the same each time.
import { createHash } from 'node:crypto';
import { bars, noise, squares } from './pictures.mjs';
import { seedRanker } from './gates.seed.mjs';
import { client, lines, pipeline, points } from './seed.mjs';
import { seedThings } from './things.seed.mjs';
import { wandb } from './wandb.seed.mjs';

const experiment = 'seattle-weather';

/** A client whose runs have the same ids each time. */
function steady(base) {
  const api = client(base);
  let made = 0;
  return { ...api, startRun: (request) => api.startRun({ id: createHash('md5').update(`run ${made++}`).digest('hex'), ...request }) };
}

export async function showcase(base) {
  const api = steady(base);
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
        ...asPipeline, 'cairn.steps.download_data': `succeeded|${download.id}|1700|its source has new data`,
        'cairn.steps.train_random_forest': `succeeded|${train.id}|17500|raw_data.csv changed`, 'cairn.steps.evaluate': `succeeded|${evaluate.id}|3000|model_export changed`,
      },
    });
  }
  const third = await failedPipeline(api, second, now - 95 * 60_000);
  await plots(api, base, second.train);
  const trials = [];
  for (let i = 0; i < 24; i++) trials.push(await trial(api, i, now - 4 * 3_600_000 + i * 240_000));
  const failed = await api.startRun({ experiment, name: 'check_data', author: 'ada', jobType: 'check_data', startedAt: now - 70 * 60_000 });
  await api.update(failed, { logs: checkLog.map((text, line) => ({ line, text, stream: 'stderr' })) });
  await api.finish(failed, 'failed', now - 70 * 60_000 + 2_000);
  const live = await api.startRun({ experiment, name: 'train_gradient_boosting', author: 'margaret', jobType: 'train', startedAt: now - 9 * 60_000, params: { trees: 400, lr: 0.05 } });
  await api.update(live, {
    points: [
      ...points('train/loss', 220, (i) => 0.3 + 1.1 * Math.exp(-i / 45) + 0.05 * (noise('live', i) - 0.5), now - 8 * 60_000),
      ...points('val/accuracy', 220, (i) => 0.87 - 0.3 * Math.exp(-i / 60) + 0.02 * (noise('acc', i) - 0.5), now - 8 * 60_000),
    ], logs: lines(400),
  });
  const things = await seedThings(base, experiment, api);
  for (const [name, runs] of [['airbnb-prices', 7], ['leaf-images', 12], ['churn', 4]]) {
    for (let i = 0; i < runs; i++) {
      const run = await api.startRun({ experiment: name, name: `baseline ${i + 1}`, author: ['ada', 'linus', 'grace'][i % 3], jobType: 'train', startedAt: now - (i + 2) * 5 * 3_600_000, params: { lr: 0.1 / (i + 1), layers: 2 + (i % 4) } });
      await api.update(run, { points: points('loss', 60, (step) => (1 + i / 10) / (step + 2), now - 3_600_000) });
      await api.finish(run, 'finished', now - (i + 2) * 5 * 3_600_000 + 1_200_000);
    }
  }
  const ranker = await seedRanker(base, 'churn', { api });
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
      { name: 'drift', kind: 'check', experiment, check: 'drift' },
    ],
  });
  const { triggers } = await (await fetch(`${base}/api/v1/triggers`)).json();
  await send('POST', `/api/v1/triggers/${triggers.find(({ name }) => name === 'new-data').id}/fire`, {});
  return { experimentId: first.parent.experimentId, first, second, third, trials, failed, live, things, sweep, ranker };
}

const asPipeline = {
  'cairn.pipeline.name': experiment, 'cairn.pipeline.file': 'samples/seattle-weather/pipeline.yaml',
  'cairn.pipeline.graph': JSON.stringify({ download_data: [], train_random_forest: ['download_data'], evaluate: ['train_random_forest', 'download_data'] }),
};
/** Since its third run the pipeline has one step more. */
const withReport = { ...asPipeline, 'cairn.pipeline.graph': JSON.stringify({ ...JSON.parse(asPipeline['cairn.pipeline.graph']), report: ['evaluate'] }) };

const checkLog = ['check_data: raw_data.csv:v1', '  schema      5 columns, as expected', '  missing     0 of 8 rows', '\x1b[31mrow_count\x1b[0m: 8 rows, at least 1000 wanted', 'check_data: 1 of 3 checks failed'];

/** A third cycle: its data was known already, its model is worse, and so its last step but one ends it. */
async function failedPipeline(api, { download }, at) {
  const parent = await api.startRun({ experiment, name: 'pipeline 3', author: 'linus', jobType: 'pipeline', startedAt: at, params: { steps: 3 }, tags: { 'mlflow.source.name': 'samples/seattle-weather', 'mlflow.source.git.commit': '89abcdef0123456789abcdef0123456789abcdef', team: 'weather' } });
  const train = await api.startRun({ experiment, name: 'train_random_forest', author: 'linus', jobType: 'train_random_forest', parentId: parent.id, startedAt: at + 800, params: { trees: 20 } });
  await api.update(train, { points: points('train/loss', 200, (i) => 0.5 + 0.9 * Math.exp(-i / 30), at + 800) });
  await api.finish(train, 'finished', at + 7_200);
  const evaluate = await api.startRun({ experiment, name: 'evaluate', author: 'linus', jobType: 'evaluate', parentId: parent.id, startedAt: at + 7_500 });
  const told = ['evaluate: model_export:v2 on 2013', '  accuracy  0.79', '  prod      0.86', '\x1b[31mworse than prod\x1b[0m by 0.07: the pipeline ends here'];
  await api.update(evaluate, { points: [{ key: 'accuracy', value: 0.79, step: 0 }], logs: told.map((text, line) => ({ line, text, stream: line === 3 ? 'stderr' : 'stdout' })) });
  await api.finish(evaluate, 'failed', at + 9_300);
  await api.update(parent, {
    tags: {
      ...withReport, 'cairn.steps.download_data': `cached|${download.id}|0|nothing changed since pipeline 2`,
      'cairn.steps.train_random_forest': `succeeded|${train.id}|6400|the parameter trees changed from 200 to 20`, 'cairn.steps.evaluate': `failed|${evaluate.id}|1800|exit code 1`,
    },
  });
  await api.finish(parent, 'failed', at + 9_500);
  return { parent, train, evaluate };
}

/** What training code draws: pictures over the steps, a confusion matrix and an ROC curve as tables, histograms. */
async function plots(api, base, run) {
  await api.putFile(run, 'media/feature_importance/0.png', bars([0.34, 0.21, 0.16, 0.11, 0.08, 0.06, 0.04]));
  for (let i = 0; i < 4; i++) await api.putFile(run, `media/val/examples/${i}.png`, squares(16, 10, (x, y) => noise('map', x, y) * (1 - i / 4) + (i / 4) * Number(Math.hypot(x - 7.5, y - 4.5) < 4)));
  const table = async (key, columns, data) => {
    const path = `media/table/${key}.table.json`;
    await api.putFile(run, path, JSON.stringify({ columns, data }));
    await api.update(run, { media: [{ key, step: 300, time: Date.now(), kind: 'table', path }] });
  };
  const kinds = ['drizzle', 'fog', 'rain', 'snow', 'sun'];
  await table('val/confusion', ['Actual', 'Predicted', 'nPredictions'], kinds.flatMap((actual, i) => kinds.map((guess, j) => [actual, guess, i === j ? [18, 31, 190, 9, 214][i] : Math.round(6 * noise(actual, guess))])));
  await table('val/roc', ['class', 'fpr', 'tpr'], ['rain', 'sun'].flatMap((kind, k) => Array.from({ length: 41 }, (_, i) => [kind, i / 40, Math.min(1, (i / 40) ** (0.22 + 0.12 * k) + 0.01 * (noise(kind, i) - 0.5))])));
  const rows = Array.from({ length: 12 }, (_, step) => ({ _step: step * 25, 'gradients/leaf': { _type: 'histogram', values: Array.from({ length: 24 }, (_, i) => Math.round(400 * Math.exp(-(((i - 11.5) / (3 + step / 2)) ** 2)))), bins: Array.from({ length: 25 }, (_, i) => (i - 12) / 12) } }));
  const response = await fetch(`${base}/files/cairn/${experiment}/${run.id}/file_stream`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ files: { 'wandb-history.jsonl': { offset: 0, content: rows.map((row) => JSON.stringify(row)) } } }),
  });
  if (!response.ok) throw new Error(`file_stream answered ${response.status}: ${await response.text()}`);
}

async function trial(api, i, startedAt) {
  const [depth, lr, trees] = [4 + (i % 6) * 2, [0.3, 0.1, 0.03, 0.01][i % 4], 50 * (1 + (i % 5))];
  const best = 0.78 + 0.06 * Math.exp(-(((depth - 9) / 6) ** 2)) + 0.03 * (lr < 0.2) + 0.0001 * trees;
  const run = await api.startRun({ experiment, name: `trial-${String(i + 1).padStart(2, '0')}`, author: ['ada', 'grace', 'linus'][i % 3], jobType: 'trial', startedAt, params: { depth, lr, trees, features: ['wind', 'temp_max'] }, tags: { sweep: 'forest' } });
  await api.update(run, {
    points: [
      ...points('train/loss', 200, (step) => (1.1 + i / 80) * Math.exp(-step * (0.012 + lr * 0.2) * (1 + (i % 5) / 9)) + 0.24 + (i % 7) / 60 + 0.05 * (noise('loss', i, step) - 0.5), startedAt),
      ...points('val/accuracy', 200, (step) => best - 0.35 * Math.exp(-step * (0.016 + lr * 0.15) * (1 + (i % 4) / 7)) + 0.016 * (noise('accuracy', i, step) - 0.5), startedAt),
      { key: 'accuracy', value: Number(best.toFixed(4)), step: 200 }, { key: 'log_loss', value: Number((1.3 - best).toFixed(4)), step: 200 },
    ],
  });
  await api.finish(run, 'finished', startedAt + 180_000);
  return run;
}

/**
 * The pages of the gallery: file name, address, what one sees; `act` is what is done there before the picture is taken.
 */
export function pagesOfShowcase({ experimentId, second, third, trials, failed, live, things, sweep, ranker }) {
  const run = `/runs/${things.run.id}`;
  const train = `/runs/${second.train.id}`;
  const model = `/artifacts/${experimentId}/model_export`;
  const forecaster = `/artifacts/${experimentId}/forecaster`;
  const gated = `/artifacts/${ranker.experimentId}/ranker`;
  const runs = `/experiments/${experimentId}`;
  const file = (path) => `${run}/files?path=${encodeURIComponent(path)}`;
  const chosen = trials.slice(0, 12).map(({ id }) => id);
  const onlyTrials = encodeURIComponent("attributes.job_type = 'trial'");
  const panels = encodeURIComponent('parallel:params.depth,params.lr,params.trees,metrics.accuracy;importance:metrics.accuracy;scatter:params.depth,metrics.accuracy');
  return [
    { name: 'home', path: '/', tells: 'What goes on: experiments, running now, latest promotions' },
    { name: 'palette', path: '/', tells: 'Anything by its name: the palette', act: async (page) => { await page.keyboard.press('Control+k'); await page.keyboard.type('forec'); } },
    { name: 'runs', path: runs, tells: 'The runs of an experiment' },
    { name: 'runs-filtered', path: `${runs}?filter=${encodeURIComponent('metrics.accuracy > 0.8')}&sort=-metrics.accuracy&tree=flat&cols=metrics.accuracy,params.depth,params.lr,params.trees`, tells: 'Filtered and sorted, with columns of choice' },
    { name: 'runs-completion', path: runs, tells: 'The filter says what could come next', act: async (page) => { await page.keyboard.press('/'); await page.keyboard.type("metrics.accuracy > 0.8 and par"); } },
    { name: 'runs-chosen', path: `${runs}?sel=${trials.slice(-3).map(({ id }) => id).join(',')}`, tells: 'Runs chosen, to be compared, tagged, archived or deleted' },
    { name: 'runs-grouped', path: `${runs}?group=params.lr&filter=${onlyTrials}&cols=metrics.accuracy,metrics.log_loss,params.depth,params.trees`, tells: 'Runs in groups, with what their numbers come to' },
    { name: 'workspace', path: `${runs}/charts?sel=${chosen.join(',')}`, tells: 'Charts of many runs' },
    { name: 'workspace-panels', path: `${runs}/charts?filter=${onlyTrials}&panels=${panels}`, tells: 'What a metric depends on: parallel coordinates, importance, scatter' },
    { name: 'workspace-grouped', path: `${runs}/charts?filter=${onlyTrials}&group=params.lr&smooth=0.5`, tells: 'Groups of runs: their mean, with a band' },
    { name: 'compare', path: `/compare?runs=${chosen.slice(0, 4).join(',')}`, tells: 'Runs side by side' },
    { name: 'compare-charts', path: `/compare?runs=${chosen.slice(0, 4).join(',')}&view=charts`, tells: 'Their charts' },
    { name: 'experiment-artifacts', path: `${runs}/artifacts`, tells: 'The artifacts of an experiment' },
    { name: 'run', path: run, tells: 'A run: alerts, notes, metrics, parameters, source' },
    { name: 'run-params-compared', path: `${run}?vs=${things.earlier.id}`, tells: 'Its parameters against those of another run' },
    { name: 'run-pipeline', path: `/runs/${second.parent.id}`, tells: 'A run with steps' },
    { name: 'run-failed', path: `/runs/${failed.id}`, tells: 'A run that failed: its last words first' },
    { name: 'run-charts', path: `${train}/charts`, tells: 'Its charts' },
    { name: 'run-media', path: `${train}/media`, tells: 'Pictures by step, tables as the plots they stand for, histograms' },
    { name: 'run-files-markdown', path: file('README.md'), tells: 'Files: Markdown' },
    { name: 'run-files-table', path: file('data/train.parquet'), tells: 'Files: Parquet and CSV as tables with column statistics' },
    { name: 'run-files-notebook', path: file('explore.ipynb'), tells: 'Files: notebooks' },
    { name: 'run-files-json', path: file('result.json'), tells: 'Files: JSON as a tree' },
    { name: 'run-files-html', path: file('report.html'), tells: 'Files: HTML in a sandbox' },
    { name: 'run-logs', path: `${train}/logs`, tells: 'The log, with colours and search' },
    { name: 'run-live', path: `/runs/${live.id}`, tells: 'A run that goes on, and can be stopped' },
    { name: 'run-code', path: `${run}/code`, tells: 'Command, uncommitted changes, environment, machine' },
    { name: 'run-system', path: `${run}/system`, tells: 'The load of its machine' },
    { name: 'run-lineage', path: `${train}/lineage`, tells: 'What it was made from and what came of it' },
    { name: 'artifacts', path: '/artifacts', tells: 'All artifacts of the server' },
    { name: 'models', path: '/models', tells: 'The model registry' },
    { name: 'artifact', path: model, tells: 'A model: who decided what is in production, versions, files' },
    { name: 'artifact-signature', path: `${forecaster}?v=v1`, tells: 'A model with its signature' },
    { name: 'artifact-waiting', path: gated, tells: 'A promotion that waits for people' },
    { name: 'artifact-gates', path: `${gated}/gates?on=v2`, tells: 'A gate: what it asks for, what it would say of each version, who agreed' },
    { name: 'artifact-gate-edited', path: `${gated}/gates?gate=prod`, tells: 'A gate is changed, and tried while it is written' },
    { name: 'artifact-lineage', path: `${model}/lineage?v=v1`, tells: 'Where a version came from and what came of it' },
    { name: 'artifact-compare', path: `${forecaster}/compare?a=v0&b=v1&path=examples/input.csv`, tells: 'Two versions compared' },
    { name: 'artifact-history', path: `${gated}/history`, tells: 'Every move of an alias, and what the gate said' },
    { name: 'promote', path: `${forecaster}?move=prod&to=v2`, tells: 'Moving an alias: both versions, the gate, the reason' },
    { name: 'sweep', path: `/cairn/leaf-images/sweeps/${sweep}`, tells: 'A sweep, the best run first' },
    { name: 'pipeline', path: `/pipelines/runs/${second.parent.id}?step=train_random_forest`, tells: 'A pipeline’s run: graph, states, timings, why a step ran' },
    { name: 'pipeline-failed', path: `/pipelines/runs/${third.parent.id}`, tells: 'One that failed: what was reused and why, the log of the step, retry' },
    { name: 'keys', path: runs, tells: 'The keys', act: (page) => page.keyboard.press('?') },
    { name: 'not-found', path: '/no/such/page', tells: 'An address that leads nowhere' },
  ];
}
