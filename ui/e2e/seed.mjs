// Data for the end-to-end tests, written through the native API into an experiment of its own.
import { createHash, randomBytes } from 'node:crypto';
import { png } from './png.mjs';

/** Text that would run as a script wherever it were put into a page unescaped. */
export const hostile = `"><img src=x onerror="window.tripped=1"><script>window.tripped=1</script>{{7*7}}`;

export function client(base) {
  const send = async (method, path, body, headers = {}) => {
    const raw = Buffer.isBuffer(body);
    const response = await fetch(`${base}/api/v1${path}`, {
      method, headers: { ...(body === undefined || raw ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  };
  const path = (text) => text.split('/').map(encodeURIComponent).join('/');
  return {
    startRun: (request) => send('POST', '/runs', request),
    update: (run, update) => send('POST', `/runs/${run.id}/updates`, update),
    finish: (run, status = 'finished', endedAt) => send('POST', `/runs/${run.id}/updates`, { status, endedAt }),
    putFile: (run, name, bytes) => send('PUT', `/runs/${run.id}/files/${path(name)}`, Buffer.from(bytes)),
    use: (run, artifact) => send('POST', `/runs/${run.id}/inputs`, { artifact }),
    move: (version, alias, move) => send('PUT', `/artifacts/${version.experimentId}/${path(version.name)}/aliases/${alias}`, { version: version.version, ...move }),
    commit: async (run, name, type, files, more = {}) => {
      const manifest = [];
      for (const [file, content] of Object.entries(files)) {
        const bytes = Buffer.from(content);
        const digest = createHash('sha256').update(bytes).digest('hex');
        await send('PUT', `/blobs/${digest}`, bytes);
        manifest.push({ path: file, digest, size: bytes.length });
      }
      return (await send('POST', '/artifacts/versions', { name, type, manifest, runId: run.id, ...more })).version;
    },
  };
}

export function weatherCsv(rows, first = 2012) {
  let text = 'date,precipitation,temp_max,wind,weather\n';
  for (let i = 0; i < rows; i++) {
    const day = new Date(Date.UTC(first, 0, 1 + i)).toISOString().slice(0, 10);
    text += `${day},${((i * 7) % 23) / 2},${12 + (i % 17)},${(i % 9) / 2},"${i % 3 ? 'sun' : 'rain, fog'}"\n`;
  }
  return text;
}

/** A pipeline run twice, a run that goes on, a failed one, many small ones, and one whose every text is hostile. */
export async function seed(base) {
  const api = client(base);
  const experiment = `ui-e2e-${randomBytes(4).toString('hex')}`;
  const now = Date.now();
  const first = await pipeline(api, experiment, now - 26 * 3_600_000, 'ada', 1);
  const second = await pipeline(api, experiment, now - 40 * 60_000, 'grace', 2);
  await api.move(first.model, 'prod', { why: 'first model: nothing to compare with', who: 'ada', runId: first.evaluate.id });
  await api.move(second.model, 'prod', { expect: 'v0', why: 'accuracy 0.86 beats 0.84 of v0 on the newest year', who: 'grace', runId: second.evaluate.id });

  const failed = await api.startRun({ experiment, name: 'check_data broken', author: 'ada', jobType: 'check_data', startedAt: now - 30 * 60_000 });
  await api.update(failed, { logs: [{ line: 0, text: '\x1b[31mrow_count\x1b[0m: 8 rows, at least 1000 wanted', stream: 'stderr' }] });
  await api.finish(failed, 'failed', now - 30 * 60_000 + 2_000);

  const live = await api.startRun({ experiment, name: 'live-training', author: 'margaret', jobType: 'train', startedAt: now - 60_000 });
  await api.update(live, { points: points('train/loss', 200, (i) => 2 / (i + 1), now - 50_000), logs: lines(40) });

  const many = `${experiment}-many`;
  await inTens(260, async (i) => {
    const run = await api.startRun({ experiment: many, name: `trial-${String(i).padStart(3, '0')}`, author: 'linus', startedAt: now - 3_600_000 + i * 1000, params: { depth: i % 12, lr: 0.1 / (1 + (i % 5)) } });
    await api.update(run, { points: [{ key: 'mae', value: 30 - i / 20, step: 0 }], status: 'finished', endedAt: now - 3_600_000 + i * 1000 + 4_000 });
  });
  const evil = await hostileRun(api, experiment, now - 20 * 60_000);
  return { api, experiment, experimentId: live.experimentId, many, first, second, failed, live, evil };
}

async function inTens(count, work) {
  for (let i = 0; i < count; i += 10) await Promise.all(Array.from({ length: Math.min(10, count - i) }, (_, j) => work(i + j)));
}

export async function pipeline(api, experiment, at, author, cycle) {
  const parent = await api.startRun({ experiment, name: `pipeline ${cycle}`, author, jobType: 'pipeline', startedAt: at, params: { steps: 3 }, tags: { 'mlflow.source.name': 'samples/seattle-weather', 'mlflow.source.git.commit': '0123456789abcdef0123456789abcdef01234567', team: 'weather' } });
  const step = (name, offset, more = {}) => api.startRun({ experiment, name, author, jobType: name, parentId: parent.id, startedAt: at + offset, ...more });

  const download = await step('download_data', 300);
  await api.commit(download, 'raw_data.csv', 'dataset', { 'raw_data.csv': weatherCsv(1000 + 365 * cycle) }, { metadata: { rows: 1000 + 365 * cycle, source: { name: 'NOAA', licence: 'public domain' } } });
  await api.finish(download, 'finished', at + 2_000);

  const train = await step('train_random_forest', 2_500, { params: { trees: 100 * cycle, model: { max_depth: 12, features: ['wind', 'temp_max'] }, warm_start: false, note: 'a long text '.repeat(30) } });
  await api.use(train, 'raw_data.csv:latest');
  await api.update(train, {
    points: [
      ...points('train/loss', 1000, (i) => (i === 700 ? 'NaN' : 1.4 * Math.exp(-i / 200) + 0.2), at + 2_500),
      ...points('val/accuracy', 1000, (i) => (i === 431 ? 0.999 : 0.85 - 0.4 * Math.exp(-i / 150)), at + 2_500),
    ],
    summary: { best_epoch: 812, model_card: 'see files' },
    logs: lines(2500),
  });
  for (const [key, frames] of [['feature_importance', 1], ['val/examples', 4]]) {
    for (let i = 0; i < frames; i++) {
      const path = `media/${key}/${i}.png`;
      await api.putFile(train, path, png(320, 200, i * 60));
      await api.update(train, { media: [{ key, step: i * 100, time: at + 3_000 + i, kind: 'image', path, caption: `after ${i * 100} trees` }] });
    }
  }
  await api.putFile(train, 'predictions.csv', weatherCsv(700));
  await api.putFile(train, 'config/train.json', '{"trees":100,"depth":{"max":12}}');
  await api.putFile(train, 'notes.md', '# Notes\n\n- seed 42\n');
  await api.putFile(train, 'weights.bin', Buffer.from([0, 1, 2, 3]));
  const model = await api.commit(train, 'model_export', 'model', { MLmodel: `flavor: mlnet\ncycle: ${cycle}\n`, 'model.zip': Buffer.alloc(2000, cycle), 'examples/input.csv': weatherCsv(5) }, { metadata: { trees: 100 * cycle, accuracy: 0.82 + cycle / 50 }, description: 'Tells the weather of a day.' });
  await api.finish(train, 'finished', at + 20_000);

  const evaluate = await step('evaluate', 21_000);
  await api.use(evaluate, 'model_export:latest');
  await api.update(evaluate, { points: [{ key: 'accuracy', value: 0.82 + cycle / 50, step: 0 }, { key: 'log_loss', value: 0.44 / cycle, step: 0 }] });
  await api.finish(evaluate, 'finished', at + 24_000);
  await api.finish(parent, 'finished', at + 25_000);
  return { parent, download, train, evaluate, model };
}

async function hostileRun(api, experiment, at) {
  const run = await api.startRun({ experiment, name: hostile, author: hostile, jobType: hostile.slice(0, 60), startedAt: at, params: { [hostile.replaceAll('.', '')]: hostile }, tags: { [hostile]: hostile, 'mlflow.note.content': hostile } });
  await api.update(run, { points: [{ key: 'm <b>x</b>', value: 1, step: 0 }, { key: 'm <b>x</b>', value: 2, step: 1 }], summary: { note: hostile }, logs: [{ line: 0, text: hostile }, { line: 1, text: `\x1b]8;;javascript:window.tripped=1\x07link\x1b]8;;\x07` }] });
  await api.putFile(run, 'page.html', `<html><body>${hostile}</body></html>`);
  await api.putFile(run, 'picture.svg', `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><script>window.tripped=1</script><rect width="80" height="40" fill="#12857a" onload="window.tripped=1"/></svg>`);
  await api.putFile(run, 'table.csv', `a,b\n"${hostile.replaceAll('"', '""')}",=cmd()\n`);
  await api.finish(run, 'finished', at + 1_000);
  return run;
}

export function points(key, count, valueAt, from) {
  return Array.from({ length: count }, (_, step) => ({ key, value: valueAt(step), step, time: from + step * 15 }));
}

export function lines(count, from = 0) {
  return Array.from({ length: count }, (_, i) => ({ line: from + i, text: `[${from + i}] \x1b[36mepoch ${from + i}\x1b[0m loss=\x1b[94m${(1 / (i + 1)).toFixed(4)}\x1b[0m`, stream: (from + i) % 50 === 49 ? 'stderr' : 'stdout' }));
}
