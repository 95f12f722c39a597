// Finds things worth looking at on a server, so that tests and pictures work on whatever data it has.

async function get(base, path) {
  const response = await fetch(`${base}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** The richest experiment, runs and artifact: each undefined where the server has none of the kind. */
export async function discover(base) {
  const { experiments } = await get(base, '/experiments');
  const found = { experiments, artifacts: [] };
  for (const experiment of experiments) {
    const { artifacts } = await get(base, `/artifacts?experiment=${experiment.id}`);
    if (artifacts.length > found.artifacts.length || !found.experiment) {
      found.experiment = experiment;
      found.artifacts = artifacts;
    }
  }
  if (!found.experiment) return found;
  found.artifact = found.artifacts.find((a) => a.aliases.prod) ?? found.artifacts.find((a) => a.type === 'model') ?? found.artifacts[0];

  const { runs } = await get(base, `/runs?experiment=${found.experiment.id}&limit=60`);
  found.runs = runs;
  const details = await Promise.all(runs.map(({ run }) => get(base, `/runs/${run.id}`)));
  const best = (score) => details.filter((d) => score(d) > 0).sort((a, b) => score(b) - score(a))[0];
  found.parent = best((d) => d.children.length);
  found.charted = best((d) => d.metrics.filter((m) => m.step > 0).length);
  found.measured = best((d) => d.metrics.length);
  found.pictured = best((d) => d.media.length);
  found.logged = best((d) => d.logLines);
  for (const detail of details) {
    if (found.filed) break;
    const { files } = await get(base, `/runs/${detail.run.id}/files`);
    if (files.length > 0) found.filed = { run: detail.run, files };
  }
  const pipelines = await get(base, `/runs?filter=${encodeURIComponent("tags.`cairn.pipeline.name` LIKE '%'")}&limit=1`);
  found.execution = pipelines.runs[0]?.run;
  return found;
}

/** Name and address of every page that the data lets us show. */
export function pagesOf(found) {
  const { experiment, artifact, parent, charted, measured, pictured, logged, filed, execution } = found;
  const pages = [['experiments', '/']];
  if (experiment) {
    pages.push(['runs', `/experiments/${experiment.id}`], ['artifacts', `/experiments/${experiment.id}/artifacts`]);
    pages.push(['runs-grouped', `/experiments/${experiment.id}?group=jobType`]);
    pages.push(['runs-bad-filter', `/experiments/${experiment.id}?filter=${encodeURIComponent('metrics.loss << 1')}`]);
  }
  const several = (found.runs ?? []).slice(0, 3).map(({ run }) => run.id).join(',');
  if (experiment && several) {
    const measures = [...new Set(found.runs.flatMap(({ metrics }) => Object.keys(metrics)))].slice(0, 2).map((key) => `metrics.${key}`);
    const panels = measures.length === 2 ? `?panels=${encodeURIComponent(`scatter:${measures.join(',')};parallel:${measures.join(',')}`)}` : '';
    pages.push(['charts', `/experiments/${experiment.id}/charts${panels}`], ['compare', `/compare?runs=${several}`], ['compare-charts', `/compare?runs=${several}&view=charts`], ['compare-code', `/compare?runs=${several}&view=code`]);
  }
  if (parent) pages.push(['run-parent', `/runs/${parent.run.id}`]);
  if (charted ?? measured) pages.push(['run', `/runs/${(charted ?? measured).run.id}`], ['run-charts', `/runs/${(charted ?? measured).run.id}/charts`]);
  if (pictured) pages.push(['run-media', `/runs/${pictured.run.id}/media`]);
  if (filed) pages.push(['run-files', `/runs/${filed.run.id}/files`]);
  if (logged) pages.push(['run-logs', `/runs/${logged.run.id}/logs`]);
  if (artifact) {
    const at = `/artifacts/${artifact.experimentId}/${encodeURIComponent(artifact.name)}`;
    pages.push(['artifact', at], ['artifact-lineage', `${at}/lineage`], ['artifact-history', `${at}/history`]);
  }
  pages.push(['pipelines', '/pipelines'], ['triggers', '/pipelines/triggers'], ['launch', '/launch'], ['settings', '/settings']);
  if (execution) pages.push(['pipeline-run', `/pipelines/runs/${execution.id}`]);
  pages.push(['not-found', '/no/such/page']);
  return pages;
}
