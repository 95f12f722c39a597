// Data for the tests of run pages, files, artifacts and lineage that the common seed lacks; see seed.mjs.
import { parquetWriteBuffer } from 'hyparquet-writer';
import { bars, squares } from './pictures.mjs';
import { client, weatherCsv } from './seed.mjs';

export const notebook = (cells) => JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: 'python' } }, cells });

export function parquet(rows) {
  const numbers = (of) => Array.from({ length: rows }, (_, i) => of(i));
  return Buffer.from(parquetWriteBuffer({
    columnData: [
      { name: 'day', data: numbers((i) => new Date(Date.UTC(2012, 0, 1 + i))), type: 'TIMESTAMP' },
      { name: 'wind', data: numbers((i) => (i % 10 === 3 ? null : (i % 9) / 2)), type: 'DOUBLE' },
      { name: 'weather', data: numbers((i) => (i % 3 ? 'sun' : 'rain, fog')), type: 'STRING' },
    ],
  }));
}

const patch = `diff --git a/train.py b/train.py
index 83db48f..bf269f4 100644
--- a/train.py
+++ b/train.py
@@ -10,5 +10,6 @@ def main():
     data = read(path)
-    trees = 100
+    trees = 200
+    depth = 12
     model = fit(data, trees)
     save(model)
`;

const readme = `# Forecast\n\nWhat the model does, in **few** words, and [what it was trained on](data/train.parquet).\n\n![Importance](plots/importance.png)\n\n| year | accuracy |\n|---|---:|\n| 2012 | 0.84 |\n| 2013 | 0.86 |\n\n- [x] trained\n- [ ] reviewed\n\n\`\`\`sh\ncairn run . -e train\n\`\`\`\n`;

/** A run with a file of every kind that is shown, one to compare it with, and a model with a gate. */
export async function seedThings(base, experiment, api = client(base)) {
  const send = async (method, path, body) => {
    const response = await fetch(base + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.json().catch(() => null);
  };
  const at = Date.now() - 3 * 3_600_000;
  const tags = {
    'mlflow.source.name': 'https://git.example/forecast#train', 'mlflow.project.entryPoint': 'train', 'mlflow.source.git.commit': '9c1185a5c5e9fc54612808977ee8f548b2258d31', 'mlflow.source.git.branch': 'wider-trees',
    'mlflow.project.env': 'uv', 'mlflow.note.content': 'A **wider** forest.\n\n- trained on two years\n- see [the page](https://example.org/forest)',
  };
  const earlier = await api.startRun({ experiment, name: 'forecast 1', author: 'ada', jobType: 'train', startedAt: at - 60_000, params: { trees: 100, depth: 8, data: { years: [2012] } } });
  await api.finish(earlier, 'finished', at - 30_000);
  const run = await api.startRun({ experiment, name: 'forecast 2', author: 'grace', jobType: 'train', startedAt: at, params: { trees: 200, depth: 12, data: { years: [2012, 2013] }, seed: 42 }, tags });
  const files = {
    'README.md': readme, 'plots/importance.png': bars([0.41, 0.22, 0.14, 0.1, 0.07, 0.04, 0.02], 480, 220), 'data/train.parquet': parquet(1_500), 'data/sample.csv': weatherCsv(400), 'config.yaml': 'model:\n  trees: 200 # more than before\n  name: "forest"\n  bootstrap: true\n',
    'result.json': JSON.stringify({ accuracy: 0.86, classes: ['sun', 'rain'], matrix: [[40, 2], [3, 55]], model: { trees: 200, name: 'forest' } }),
    'report.html': '<!doctype html><html><head><style>body{font-family:sans-serif;padding:24px}h1{color:#0f6b62}</style></head><body><h1>Report</h1><p>Accuracy 0.86 on 2013.</p></body></html>',
    'explore.ipynb': notebook([
      { cell_type: 'markdown', source: '## A look at the data\n\nTwo years of *weather*.' },
      { cell_type: 'code', execution_count: 1, source: 'df.head(2)', outputs: [{ output_type: 'execute_result', data: { 'text/plain': '         day  wind\n0 2012-01-01   0.0\n1 2012-01-02   0.5', 'text/html': '<table></table>' } }] },
      { cell_type: 'code', execution_count: 2, source: 'df.wind.plot()', outputs: [{ output_type: 'display_data', data: { 'image/png': squares(24, 8, (x, y) => 0.5 + 0.4 * Math.sin(x / 3 + y), 15).toString('base64') } }] },
      { cell_type: 'code', execution_count: 3, source: '1 / 0', outputs: [{ output_type: 'error', ename: 'ZeroDivisionError', evalue: 'division by zero', traceback: ['\u001b[31mZeroDivisionError\u001b[0m: division by zero'] }] },
    ]),
    'cairn/uncommitted.patch': patch, 'cairn/environment.lock': 'numpy==2.3.1\npandas==2.3.0\nscikit-learn==1.7.0\n',
    'wandb-metadata.json': JSON.stringify({ host: 'node-17', os: 'Linux-6.1-x86_64', python: 'CPython 3.12.4', program: 'train.py', args: ['--trees', '200'], cpu_count: 8, cpu_count_logical: 16, gpu: 'NVIDIA H100', gpu_count: 2, memory: { total: 137438953472 } }),
  };
  for (const [path, content] of Object.entries(files)) await api.putFile(run, path, content);
  const load = Array.from({ length: 120 }, (_, i) => JSON.stringify({ 'system.cpu': 40 + 30 * Math.sin(i / 9), 'system.memory': 35 + i / 12, 'system.gpu.0.gpu': i % 40 < 30 ? 92 : 11, 'system.network.sent': 1e5 * i, _timestamp: at / 1000 + i * 15, _runtime: i * 15 }));
  await send('POST', `/files/cairn/${experiment}/${run.id}/file_stream`, { files: { 'wandb-events.jsonl': { offset: 0, content: load } } });
  for (const [title, severity, text] of [['Learning rate lowered', 'INFO', ''], ['Loss stands still', 'WARN', 'No progress for 3 epochs.']]) {
    await send('POST', '/graphql', {
      query: 'mutation($i: RunAlertInput!) { notifyScriptableRunAlert(input: $i) { success } }',
      variables: { i: { entityName: 'cairn', projectName: experiment, runName: run.id, title, text, severity } },
    });
  }
  await api.update(run, { points: [{ key: 'accuracy', value: 0.86, step: 1 }] });
  const gated = await gatedModel(api, send, experiment, run, at);
  await api.finish(run, 'finished', at + 30 * 60_000);
  return { run, earlier, gated };
}

/** A model of three versions whose alias has a gate: v1 holds it, v2 is worse. */
async function gatedModel(api, send, experiment, run, at) {
  const versions = [];
  await api.commit(run, 'test_data', 'dataset', { 'test.csv': weatherCsv(60, 2013) });
  for (const [cycle, accuracy] of [[0, 0.81], [1, 0.86], [2, 0.79]]) {
    const version = await api.commit(run, 'forecaster', 'model', {
      MLmodel: `flavors:\n  python_function:\n    loader_module: forest\n    python_version: 3.12.4\nsignature:\n  inputs: '[{"type": "double", "name": "temp_max", "required": true}, {"type": "double", "name": "wind", "required": false}]'\n  outputs: '[{"type": "string", "required": true}]'\ncycle: ${cycle}\n`,
      'weights.bin': Buffer.alloc(4_000, cycle), 'notes.md': `# Version ${cycle}\n\naccuracy ${accuracy}\n`, 'examples/input.csv': weatherCsv(20 + 10 * cycle, 2012 + cycle),
    }, { metadata: { accuracy, trees: 100 + 50 * cycle, framework: 'forest' } });
    versions.push(version);
    const judge = await api.startRun({ experiment, name: `judge ${cycle}`, author: 'ada', jobType: 'evaluate', startedAt: at + cycle * 1_000 });
    await api.use(judge, `forecaster:v${cycle}`);
    await api.use(judge, 'test_data:v0');
    await api.update(judge, { points: [{ key: 'accuracy', value: accuracy, step: 0 }, { key: 'log_loss', value: 1.2 - accuracy, step: 0 }] });
    await api.finish(judge, 'finished', at + cycle * 1_000 + 500);
    if (cycle === 1) {
      await api.move(versions[0], 'prod', { why: 'the first one', who: 'ada' });
      await api.move(version, 'prod', { why: 'five points better', who: 'grace' });
    }
  }
  await send('PUT', `/api/v1/artifacts/${versions[0].experimentId}/forecaster/gates/prod`, { when: 'metrics.accuracy > prod.metrics.accuracy', who: 'ada' });
  return versions;
}

/** About 5 × `chains` nodes: one data set, and for each chain three runs, a clean copy and a model. */
export async function seedLineage(base, experiment, chains) {
  const api = client(base);
  const start = await api.startRun({ experiment, name: 'collect', jobType: 'download' });
  const raw = await api.commit(start, 'raw', 'dataset', { 'raw.csv': 'a\n1\n' });
  let next = 0;
  const work = async () => {
    for (let i = next++; i < chains; i = next++) {
      const prepare = await api.startRun({ experiment, name: `prepare ${i}`, jobType: 'prepare' });
      await api.use(prepare, 'raw:v0');
      await api.commit(prepare, `clean_${i}`, 'dataset', { 'clean.csv': 'a\n2\n' });
      const train = await api.startRun({ experiment, name: `train ${i}`, jobType: 'train' });
      await api.use(train, `clean_${i}:v0`);
      await api.commit(train, `model_${i}`, 'model', { 'model.bin': 'weights' });
      const evaluate = await api.startRun({ experiment, name: `evaluate ${i}`, jobType: 'evaluate' });
      await api.use(evaluate, `model_${i}:v0`);
      await api.use(evaluate, 'raw:v0');
    }
  };
  await Promise.all(Array.from({ length: 24 }, work));
  return raw;
}

export async function seedLog(base, run, count) {
  const api = client(base);
  for (let from = 0; from < count; from += 10_000) {
    await api.update(run, { logs: Array.from({ length: Math.min(10_000, count - from) }, (_, i) => ({ line: from + i, text: `\x1b[36m${from + i}\x1b[0m step loss=${(1 / (from + i + 1)).toFixed(6)}`, stream: 'stdout' })) });
  }
}
