// A model whose best version waits for people's word; see seed.mjs.
import { client, weatherCsv } from './seed.mjs';

/** v1 holds prod, v2 is better and its data passed the check; with `gate` it was asked for and lacks an approval. */
export async function seedRanker(base, experiment, { gate = true, api = client(base) } = {}) {
  const send = (method, path, body) => fetch(base + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const at = Date.now() - 2 * 3_600_000;
  const versions = [];
  const train = await api.startRun({ experiment, name: 'train ranker', author: 'grace', jobType: 'train', startedAt: at });
  await api.commit(train, 'holdout', 'dataset', { 'holdout.csv': weatherCsv(80, 2014) });
  for (const [i, accuracy] of [0.81, 0.86, 0.89].entries()) {
    const version = await api.commit(train, 'ranker', 'model', { 'weights.bin': Buffer.alloc(3_000 + i, i) }, { metadata: { accuracy } });
    versions.push(version);
    const judge = await api.startRun({ experiment, name: `judge ranker ${i}`, author: 'grace', jobType: 'evaluate', startedAt: at + 60_000 * (i + 1) });
    await api.use(judge, `ranker:v${i}`);
    await api.use(judge, 'holdout:v0');
    await api.update(judge, { points: [{ key: 'accuracy', value: accuracy, step: 0 }, { key: 'val/f1', value: accuracy - 0.04, step: 0 }], tags: { 'checks.drift': i === 0 ? 'failed: psi 0.31 in wind' : 'passed: psi 0.04' } });
    await api.finish(judge, 'finished', at + 60_000 * (i + 1) + 4_000);
  }
  await api.finish(train, 'finished', at + 50_000);
  await api.move(versions[0], 'prod', { why: 'the first one', who: 'ada' });
  await api.move(versions[1], 'prod', { why: 'five points better', who: 'grace' });
  if (gate) {
    const path = `/api/v1/artifacts/${versions[0].experimentId}/ranker`;
    const set = await send('PUT', `${path}/gates/prod`, { when: 'metrics.accuracy > prod.metrics.accuracy', checks: ['drift'], approvals: 1, approvers: ['ada', 'linus'], data: 'holdout', who: 'ada' });
    if (!set.ok) throw new Error(`the gate was answered ${set.status}: ${await set.text()}`);
    const refused = await send('PUT', `${path}/aliases/prod`, { version: 'v2', expect: 'v1', who: 'grace', why: 'accuracy 0.89, three points above v1' });
    if (refused.status !== 412) throw new Error(`the move was answered ${refused.status}, and should have waited for an approval`);
  }
  return { experimentId: versions[0].experimentId, versions };
}
