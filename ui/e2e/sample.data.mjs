// What the sample pipeline left on the server: three runs of its chain (two that got better, one on spoilt data), then three
// of its pipeline file (all steps; another number of trees; years that went missing).
import assert from 'node:assert/strict';
import { client } from './seed.mjs';
import { wandb } from './wandb.seed.mjs';

export const name = 'seattle-weather';

export async function look(base) {
  const ask = async (path) => (await fetch(`${base}/api/v1${path}`)).json();
  const { experiments } = await ask('/experiments');
  const { id } = experiments.find((one) => one.name === name);
  const { runs } = await ask(`/runs?experiment=${id}&limit=200`);
  const byTime = [...runs].sort((a, b) => a.run.startedAt - b.run.startedAt);
  const roots = byTime.filter(({ run }) => !run.parentId);
  const steps = (root) => Object.fromEntries(byTime.filter(({ run }) => run.parentId === root.run.id).map((row) => [row.run.jobType, row]));
  const chains = roots.filter(({ tags }) => !('cairn.pipeline.name' in tags)).map((root) => ({ root, ...steps(root) }));
  const executions = roots.filter(({ tags }) => 'cairn.pipeline.name' in tags).map((root) => ({ root, ...steps(root) }));
  assert.deepEqual([chains.length, executions.length], [3, 3], 'the store is that of the sample');

  // The sample starts no sweep and nothing of it still runs: one of each stands beside it, so that their pages are there.
  const agents = wandb(base, 'sweeps');
  const sweep = await agents.sweep('method: grid\nmetric: {name: acc, goal: maximize}\nparameters:\n  lr: {values: [0.1, 0.2]}\n');
  const [{ run_id: trial }] = await agents.beat(await agents.agent(sweep));
  await agents.startRun(trial, { sweep });
  await agents.finish(trial, [{ acc: 0.5 }]);
  const beside = (await ask('/experiments')).experiments.find((one) => one.name === 'sweeps').id;
  return { api: client(base), id, runs: byTime, chains, executions, sweep: `/sweeps/${beside}/${sweep}`, model: `/artifacts/${id}/model_export` };
}
