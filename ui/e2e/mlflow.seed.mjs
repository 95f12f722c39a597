// What MLflow's clients send, as far as the tests of the pages need it.

export function mlflow(base) {
  const post = async (path, body) => {
    const response = await fetch(`${base}/api/2.0/mlflow/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  return {
    experiment: async (name) => (await post('experiments/create', { name })).experiment_id,
    startRun: async (experiment, name) => (await post('runs/create', { experiment_id: experiment, run_name: name, start_time: Date.now() })).run.info.run_id,
    setTag: (run, key, value) => post('runs/set-tag', { run_id: run, key, value }),
    logMetric: (run, key, value, step = 0) => post('runs/log-metric', { run_id: run, key, value, step, timestamp: Date.now() }),
    finish: (run) => post('runs/update', { run_id: run, status: 'FINISHED', end_time: Date.now() }),
    putArtifact: async (experiment, run, path, bytes) => {
      const response = await fetch(`${base}/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`, { method: 'PUT', body: bytes });
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    },
  };
}
