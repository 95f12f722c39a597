// What the big store holds, read once and whole, without the server's search, samples or sums: the truth that the pages are
// held against.
import assert from 'node:assert/strict';
import { pageCode } from './pageCode.mjs';

export async function look(base) {
  const ask = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
  const { experiments } = await ask('/experiments');
  const [big, lineage] = ['big', 'lineage'].map((name) => experiments.find((one) => one.name === name));
  const runs = [];
  for (let token = ''; token !== null;) {
    const page = await ask(`/runs?experiment=${big.id}&limit=1000${token && `&pageToken=${encodeURIComponent(token)}`}`);
    runs.push(...page.runs);
    token = page.nextPageToken ?? null;
  }
  assert.equal(runs.length, 20_000);
  const long = runs.find(({ run }) => run.name === 'ten-million').run;
  return { id: big.id, lineageId: lineage.id, runs, long, code: await pageCode() };
}

/** Every point of the long metric: with as many buckets as there are points, the points themselves come. */
export async function everyPoint({ base, long, code }) {
  const values = new Float64Array(10_000_000);
  const part = 10_000;
  let next = 0;
  const work = async () => {
    for (let from = next; from < values.length; from = next) {
      next += part;
      const [series] = await draw({ base, code }, { runs: [long.id], keys: ['signal'], from, to: from + part - 1, buckets: part, times: false });
      assert.deepEqual([series.values.length, series.steps[0], series.steps[part - 1]], [part, from, from + part - 1]);
      values.set(series.values, from);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return values;
}

export async function draw({ base, code }, wish) {
  const response = await fetch(`${base}/api/v1/series`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(wish) });
  assert.equal(response.status, 200);
  return code.readColumns(await response.arrayBuffer());
}

/** The same numbers each time. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
