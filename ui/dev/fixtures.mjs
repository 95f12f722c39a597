// Made-up data for work on the pages: a pipeline run twice, a sweep of many runs, and one run that goes on now.
import { createHash } from 'node:crypto';

const start = Date.now();
const minute = 60_000;
const sha = (text) => createHash('sha256').update(text).digest('hex');
const hex = (text) => sha(text).slice(0, 32);

/** A repeatable random number from a seed text and an index. */
export function noise(seed, i) {
  let h = 2166136261 ^ i;
  for (let c = 0; c < seed.length; c++) h = Math.imul(h ^ seed.charCodeAt(c), 16777619);
  h = Math.imul(h ^ (h >>> 15), 2246822507);
  return ((h ^ (h >>> 13)) >>> 0) / 2 ** 32;
}

export const experiments = [
  experiment('1', 'seattle_weather', 9 * 24 * 60), experiment('2', 'nyc_airbnb', 40 * 24 * 60),
  experiment('3', 'vision_transformer_finetuning', 3 * 24 * 60), experiment('0', 'Default', 90 * 24 * 60),
];

function experiment(id, name, ageMinutes) {
  return { id, name, state: 'active', createdAt: start - ageMinutes * minute, updatedAt: start, tags: {}, runCount: 0, lastRunAt: null };
}

export const runs = new Map();

function addRun({ name, experimentId, ago, took, status = 'finished', author = 'ada', jobType, parentId, params = {}, tags = {}, metrics = {} }) {
  const id = hex(name + experimentId + ago);
  const info = {
    id, experimentId, experimentName: experiments.find((e) => e.id === experimentId).name, name, status, state: 'active',
    startedAt: start - ago, endedAt: status === 'running' ? null : start - ago + took, author, jobType: jobType ?? null, parentId: parentId ?? null,
  };
  const run = {
    info, params, metrics, media: [], inputs: [], outputs: [], files: new Map(), logs: [],
    tags: { 'mlflow.source.type': 'PROJECT', 'mlflow.source.git.commit': sha('commit').slice(0, 40), 'mlflow.source.git.branch': 'main', ...tags },
  };
  runs.set(id, run);
  return run;
}

// ---- artifacts ------------------------------------------------------------------------------------------------

export const artifacts = new Map();

function commit(run, name, type, files, { aliases = [], metadata = null, description = null } = {}) {
  const key = `${run.info.experimentId}/${name}`;
  const { experimentId, experimentName } = run.info;
  const artifact = artifacts.get(key) ?? { experimentId, experimentName, name, type, description, createdAt: run.info.startedAt, versions: [], history: [] };
  artifacts.set(key, artifact);
  const at = run.info.endedAt ?? run.info.startedAt;
  const version = {
    info: {
      experimentId, experimentName, name, type, version: `v${artifact.versions.length}`, digest: sha(key + artifact.versions.length),
      size: Object.values(files).reduce((sum, f) => sum + Buffer.byteLength(f), 0), fileCount: Object.keys(files).length, description,
      metadata, createdAt: at, author: run.info.author, runId: run.info.id, aliases: [],
    },
    files, loggedBy: [run.info.id], usedBy: [],
  };
  artifact.versions.push(version);
  move(artifact, 'latest', version.info.version, { at });
  for (const alias of aliases) move(artifact, alias, version.info.version, { at, who: run.info.author });
  run.outputs.push({ version: version.info, at, usedAs: null });
  return version;
}

function use(run, version, usedAs) {
  run.inputs.push({ version: version.info, at: run.info.startedAt, usedAs });
  version.usedBy.push(run.info.id);
}

function move(artifact, alias, to, { at, who = null, why = null, runId = null }) {
  const holder = artifact.versions.find((v) => v.info.aliases.includes(alias));
  if (holder) holder.info.aliases = holder.info.aliases.filter((a) => a !== alias);
  artifact.versions.find((v) => v.info.version === to).info.aliases.push(alias);
  if (alias !== 'latest') artifact.history.unshift({ alias, from: holder?.info.version ?? null, to, who, why, runId, at });
}

// ---- the pipeline of experiment 1, run twice ----------------------------------------------------------------------

function csv(rows, seed) {
  let text = 'date,precipitation,temp_max,temp_min,wind,weather\n';
  for (let i = 0; i < rows; i++) {
    const kinds = ['sun', 'rain', 'fog', 'drizzle', 'snow'];
    const day = new Date(Date.UTC(2012, 0, 1 + i)).toISOString().slice(0, 10);
    text += `${day},${(noise(seed, i) * 20).toFixed(1)},${(noise(`${seed}x`, i) * 25 + 5).toFixed(1)},${(noise(`${seed}n`, i) * 12).toFixed(1)},${(noise(`${seed}w`, i) * 8).toFixed(1)},${kinds[Math.floor(noise(`${seed}k`, i) * 5)]}\n`;
  }
  return text;
}

function svgChart(seed, bars) {
  const rects = Array.from({ length: bars }, (_, i) => {
    const width = 30 + noise(seed, i) * 330;
    return `<text x="112" y="${34 + i * 34}" text-anchor="end" font-size="13">feature_${i}</text><rect x="120" y="${20 + i * 34}" width="${width}" height="20" fill="#12857a"/>`;
  }).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="520" height="${40 + bars * 34}" font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>${rects}</svg>`;
}

function logsOf(name, lines) {
  return Array.from({ length: lines }, (_, i) => {
    if (i === 0) return `\x1b[1mcairn\x1b[0m running \x1b[36m${name}\x1b[0m`;
    if (i % 37 === 0) return `\x1b[33mwarning\x1b[0m: value out of the usual range in row ${i * 3} (precipitation = ${(noise(name, i) * 90).toFixed(1)})`;
    if (i % 61 === 0) return `\x1b[32m✓\x1b[0m checkpoint written to model/checkpoint-${i}.bin`;
    return `[${String(i).padStart(4, '0')}] ${name}: processed ${i * 128} rows, loss=\x1b[94m${(1 / (i + 1) + noise(name, i) * 0.02).toFixed(5)}\x1b[0m`;
  });
}

function pipeline(cycle, ago, rows, author) {
  const tags = { 'mlflow.source.name': 'samples/seattle-weather', 'mlflow.note.content': cycle === 0 ? 'First model on 2012 to 2014.' : 'With the new year of data.' };
  const parent = addRun({ name: `weather pipeline ${cycle + 1}`, experimentId: '1', ago, took: 41_000, author, jobType: 'pipeline', tags, params: { steps: 6, 'data.years': cycle === 0 ? '2012-2014' : '2012-2015' } });
  const step = (name, at, took, extra = {}) => {
    const run = addRun({ name, experimentId: '1', ago: ago - at, took, author, jobType: name.replace('train_random_forest', 'train'), parentId: parent.info.id, tags: { ...tags, 'mlflow.project.entryPoint': 'main' }, ...extra });
    run.logs = logsOf(name, 60);
    return run;
  };
  const download = step('download_data', 400, 1_900, { params: { source: 'data/seattle-weather.csv', artifact_name: 'raw_data.csv' } });
  const raw = commit(download, 'raw_data.csv', 'dataset', { 'raw_data.csv': csv(rows, `raw${cycle}`) }, { metadata: { rows, source: 'NOAA', licence: 'public domain' } });
  const preprocess = step('preprocess', 2_600, 3_400, { params: { input: 'raw_data.csv:latest' }, metrics: { rows_in: one(rows), rows_out: one(rows - 14) } });
  use(preprocess, raw, 'raw_data.csv:latest');
  const clean = commit(preprocess, 'clean_data.csv', 'dataset', { 'clean_data.csv': csv(rows - 14, `clean${cycle}`) }, { metadata: { rows: rows - 14 }, aliases: cycle === 0 ? ['reference'] : [] });
  const check = step('check_data', 6_300, 2_100, { params: { reference: 'clean_data.csv:reference', kl_threshold: 0.2 }, metrics: { kl_divergence: one(0.0312 + cycle / 50), missing: one(0), checks_passed: one(12) } });
  use(check, clean, 'clean_data.csv:latest');
  use(check, artifacts.get('1/clean_data.csv').versions[0], 'clean_data.csv:reference');
  const split = step('split_data', 8_900, 1_700, { params: { test_size: 0.2, seed: 42 } });
  use(split, clean, 'clean_data.csv:latest');
  const trainval = commit(split, 'trainval_data.csv', 'dataset', { 'trainval_data.csv': csv(Math.floor(rows * 0.8), `tv${cycle}`) });
  const test = commit(split, 'test_data.csv', 'dataset', { 'test_data.csv': csv(Math.floor(rows * 0.2), `te${cycle}`) });
  const train = step('train_random_forest', 11_200, 19_000, {
    params: { trees: 100 + cycle * 50, 'model.max_depth': 12, 'model.min_leaf': 3, 'model.features': ['precipitation', 'temp_max', 'wind'], learning_rate: 0.1, warm_start: false },
    metrics: { 'train/loss': { n: 400, at: (i) => 1.4 * Math.exp(-i / 90) + 0.2 + noise('l', i) * 0.05 }, 'val/loss': { n: 400, at: (i) => 1.4 * Math.exp(-i / 100) + 0.28 + noise('v', i) * 0.06 }, 'val/accuracy': { n: 400, at: (i) => 0.84 - 0.5 * Math.exp(-i / 60) + noise('a', i) * 0.02 } },
  });
  use(train, trainval, 'trainval_data.csv:latest');
  const model = commit(train, 'model_export', 'model', { MLmodel: 'flavors:\n  mlnet:\n    data: model.zip\nutc_time_created: 2026-01-05\n', 'model.zip': '\u0000\u0001binary'.repeat(4000), 'input_example.json': JSON.stringify({ columns: ['precipitation', 'temp_max', 'wind'], data: [[0.2, 12.5, 3.1]] }), 'docs/README.md': '# Model\n\nA random forest on **Seattle weather**.\n' }, { metadata: { trees: 100 + cycle * 50, features: ['precipitation', 'temp_max', 'wind'], metrics: { val_accuracy: 0.8312 + cycle / 100 } }, description: 'Random forest that tells the weather of a day.' });
  picture(train, 'feature_importance', 0, svgChart(`fi${cycle}`, 5), 'Permutation importance');
  for (let s = 0; s < 5; s++) picture(train, 'val/examples', s * 100, svgChart(`ex${s}`, 3 + s), `after ${s * 100} trees`);
  train.files.set('config/train.json', JSON.stringify({ trees: 100, depth: 12 }));
  train.files.set('predictions.csv', csv(500, 'pred'));
  train.files.set('notes/training.md', '# Notes\n\n- seed 42\n- early stopping off\n');
  const evaluate = step('evaluate', 31_000, 6_100, { params: { model: 'model_export:latest', against: 'model_export:prod' }, metrics: { accuracy: one(0.8312 + cycle / 100), macro_f1: one(0.7741 + cycle / 80), log_loss: one(0.4471 - cycle / 30), rows: one(Math.floor(rows * 0.2)) } });
  use(evaluate, model, 'model_export:latest');
  use(evaluate, test, 'test_data.csv:latest');
  picture(evaluate, 'confusion_matrix', 0, svgChart(`cm${cycle}`, 6), 'Rows: truth, columns: prediction');
  const why = cycle === 0 ? 'first model: nothing to compare with' : 'accuracy 0.8412 > 0.8312 of v0 on the rows of 2015';
  move(artifacts.get('1/model_export'), 'prod', model.info.version, { at: evaluate.info.endedAt - 200, who: author, why, runId: evaluate.info.id });
  parent.logs = logsOf('pipeline', 130);
  return evaluate;
}

function one(value) {
  return { n: 1, at: () => value };
}

function picture(run, key, step, svg, caption) {
  const path = `media/${key}/${step}.svg`;
  run.files.set(path, svg);
  run.media.push({ key, step, time: run.info.startedAt + step * 10, kind: 'image', path, caption });
}

pipeline(0, 26 * 60 * minute, 1096, 'ada');
pipeline(1, 42 * minute, 1461, 'grace.hopper@example.org');
addRun({ name: 'check_data', experimentId: '1', ago: 20 * minute, took: 2_000, status: 'failed', author: 'ada', jobType: 'check_data', params: { reference: 'clean_data.csv:reference' } })
  .logs = ['running 12 checks', '\x1b[31m✗ row_count\x1b[0m: 8 rows, at least 1000 wanted', 'check_data failed: row_count'];

// ---- a sweep of many runs, and one run that goes on ----------------------------------------------------------------

const sweep = addRun({ name: 'sweep max_depth × n_estimators', experimentId: '2', ago: 5 * 60 * minute, took: 90 * minute, jobType: 'sweep', author: 'linus' });
for (let i = 0; i < 1500; i++) {
  const status = i % 97 === 0 ? 'failed' : i % 131 === 0 ? 'crashed' : i % 61 === 0 ? 'killed' : 'finished';
  addRun({
    name: `${['calm', 'amber', 'brisk', 'quiet', 'lucid'][i % 5]}-${['river', 'stone', 'heron', 'maple'][i % 4]}-${i}`, experimentId: '2', ago: (300 - i / 10) * minute, took: 20_000 + noise('took', i) * 200_000,
    status, author: ['linus', 'ada', 'margaret'][i % 3], jobType: 'train', parentId: i < 40 ? sweep.info.id : null,
    params: { max_depth: 3 + (i % 12), n_estimators: 50 * (1 + (i % 8)), 'modeling.max_features': i % 2 ? 'sqrt' : 0.5, optimizer: ['adam', 'sgd'][i % 2] },
    metrics: { mae: one(28 + noise('mae', i) * 12), r2: one(i % 211 === 0 ? NaN : 0.4 + noise('r2', i) * 0.3), 'train/seconds': one(20 + noise('t', i) * 200) },
  });
}

const live = addRun({ name: 'live-training', experimentId: '3', ago: 3 * minute, took: 0, status: 'running', author: 'margaret', jobType: 'train', params: { model: 'vit_small', lr: 0.0003, batch_size: 64, epochs: 100, 'augment.mixup': 0.2, 'augment.random_erase': true } });
const liveSteps = () => 180 + Math.floor((Date.now() - start) / 250);
for (const [key, at] of Object.entries({
  'train/loss': (i) => 2.2 * Math.exp(-i / 400) + 0.3 + noise('tl', i) * 0.12, 'train/lr': (i) => 0.0003 * (0.5 + 0.5 * Math.cos(i / 2000)),
  'val/loss': (i) => 2.2 * Math.exp(-i / 420) + 0.4 + noise('vl', i) * 0.2, 'val/top1': (i) => (i === 120 ? NaN : 0.78 - 0.7 * Math.exp(-i / 300) + noise('t1', i) * 0.02),
  'system/gpu_util': (i) => 88 + noise('gpu', i) * 10, 'system/memory_gb': (i) => 11 + Math.sin(i / 50) + noise('mem', i) * 0.3,
})) live.metrics[key] = { get n() { return liveSteps(); }, at };
live.metrics['bench/latency_us'] = { n: 1_000_000, at: (i) => (i === 700_123 ? 95_000 : 120 + noise('lat', i) * 60) };
live.logs = logsOf('vit', 5_000);
live.logs[17] = `a long line: ${'lorem ipsum dolor sit amet '.repeat(30)}`;
export const liveRun = live;

for (const run of runs.values()) {
  const e = experiments.find((one) => one.id === run.info.experimentId);
  e.runCount++;
  e.lastRunAt = Math.max(e.lastRunAt ?? 0, run.info.startedAt);
}
experiments.sort((a, b) => (b.lastRunAt ?? 0) - (a.lastRunAt ?? 0));
