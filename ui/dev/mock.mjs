// A stand-in for the Cairn server while working on the pages (see README.md here). Not part of the product.
import { createServer } from 'node:http';
import { artifacts, experiments, liveRun, noise, runs } from './fixtures.mjs';

const port = Number(process.env.PORT ?? 5178);
const delay = Number(process.env.DELAY ?? 0);

class Fault extends Error {
  constructor(status, code, message, field) {
    super(message);
    Object.assign(this, { status, code, field });
  }
}

const lost = (what) => new Fault(404, 'not_found', `There is no ${what}.`);
const wire = (value) => (Number.isFinite(value) ? value : String(value));
const latest = (metric) => metric.at(metric.n - 1);
const runOf = (id) => runs.get(id) ?? fail(lost(`run '${id}'`));
const fail = (fault) => { throw fault; };

function rowOf({ info, params, tags, metrics }) {
  return { run: info, params, tags, metrics: Object.fromEntries(Object.entries(metrics).map(([key, m]) => [key, wire(latest(m))])) };
}

function field(run, name) {
  const match = /^(metrics?|params?|tags?|attributes|attr|run)\.[`"]?(.+?)[`"]?$/.exec(name);
  const [kind, key] = match ? [match[1], match[2]] : ['attributes', name];
  if (kind.startsWith('metric')) return run.metrics[key] && latest(run.metrics[key]);
  if (kind.startsWith('param')) return run.params[key] === undefined ? undefined : String(run.params[key]);
  if (kind.startsWith('tag')) return run.tags[key];
  const attributes = { status: run.info.status.toUpperCase(), run_name: run.info.name, user_id: run.info.author, start_time: run.info.startedAt, end_time: run.info.endedAt ?? undefined, run_id: run.info.id };
  if (!(key in attributes)) throw new Fault(400, 'invalid_argument', `Invalid attribute key '${key}' specified. Valid keys are ${Object.keys(attributes).join(', ')}.`, 'filter');
  return attributes[key];
}

function matches(run, filter) {
  return filter.split(/\s+and\s+/i).every((part) => {
    const match = /^\s*((?:[\w.]|`[^`]+`|"[^"]+")+)\s*(>=|<=|!=|=|>|<|I?LIKE)\s*(.+?)\s*$/i.exec(part);
    if (!match) throw new Fault(400, 'invalid_argument', `Invalid clause(s) in filter string: '${part.trim()}'. Expected a comparison such as metrics.rmse < 3.5 or params.depth = '4'.`, 'filter');
    const value = field(run, match[1]);
    if (value === undefined) return false;
    const wanted = /^['"]/.test(match[3]) ? match[3].slice(1, -1) : Number(match[3]);
    const op = match[2].toUpperCase();
    if (op.endsWith('LIKE')) return new RegExp(`^${String(wanted).replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.')}$`, op === 'ILIKE' ? 'i' : '').test(value);
    return { '>': value > wanted, '<': value < wanted, '>=': value >= wanted, '<=': value <= wanted, '=': value === wanted, '!=': value !== wanted }[op];
  });
}

function searchRuns(query) {
  const wanted = query.getAll('experiment');
  const filter = query.get('filter');
  let list = [...runs.values()].filter((run) => wanted.length === 0 || wanted.includes(run.info.experimentId) || wanted.includes(run.info.experimentName));
  if (filter) list = list.filter((run) => matches(run, filter));
  const order = (query.get('orderBy') ?? 'attributes.start_time DESC').match(/^(.+?)(?:\s+(ASC|DESC))?$/i);
  const sign = order[2]?.toUpperCase() === 'DESC' ? -1 : 1;
  list.sort((a, b) => {
    const [x, y] = [field(a, order[1]), field(b, order[1])];
    if (x === undefined || Number.isNaN(x)) return y === undefined ? 0 : 1;
    if (y === undefined || Number.isNaN(y)) return -1;
    return x < y ? -sign : x > y ? sign : 0;
  });
  const from = Number(query.get('pageToken') ?? 0);
  const to = from + Number(query.get('limit') ?? 100);
  return { runs: list.slice(from, to).map(rowOf), nextPageToken: to < list.length ? String(to) : null };
}

function series(run, query) {
  const buckets = Number(query.get('buckets') ?? 500);
  return { series: query.getAll('key').filter((key) => run.metrics[key]).map((key) => {
    const metric = run.metrics[key];
    const first = Math.max(0, Number(query.get('from') ?? 0));
    const last = Math.min(metric.n - 1, Number(query.get('to') ?? metric.n - 1));
    const count = Math.max(0, last - first + 1);
    let steps = Array.from({ length: count }, (_, i) => first + i);
    const sampled = buckets > 0 && count > buckets * 4;
    if (sampled) {
      const per = count / buckets;
      steps = Array.from({ length: buckets }, (_, b) => {
        const [lo, hi] = [Math.floor(first + b * per), Math.floor(first + (b + 1) * per) - 1];
        let [least, greatest] = [lo, lo];
        for (let i = lo; i <= hi; i++) {
          if (metric.at(i) < metric.at(least)) least = i;
          if (metric.at(i) > metric.at(greatest)) greatest = i;
        }
        return [...new Set([lo, least, greatest, hi])].sort((a, b) => a - b);
      }).flat();
    }
    return { key, count, sampled, steps, times: steps.map((s) => run.info.startedAt + s * 250), values: steps.map((s) => wire(metric.at(s))) };
  }) };
}

function detail(run) {
  const children = [...runs.values()].filter((r) => r.info.parentId === run.info.id).map((r) => r.info).sort((a, b) => a.startedAt - b.startedAt);
  return {
    run: run.info, params: run.params, tags: run.tags, summary: {}, inputs: run.inputs, outputs: run.outputs, media: run.media,
    metrics: Object.entries(run.metrics).map(([key, m]) => ({ key, value: wire(latest(m)), step: m.n - 1, time: run.info.startedAt + m.n * 250 })).sort((a, b) => (a.key < b.key ? -1 : 1)),
    parent: run.info.parentId ? runOf(run.info.parentId).info : null, children, logLines: run.logs.length,
  };
}

function logs(run, query) {
  const total = run.logs.length;
  const after = query.has('tail') ? total - Number(query.get('tail')) - 1 : Number(query.get('after') ?? -1);
  const lines = run.logs.slice(after + 1, after + 1 + Number(query.get('limit') ?? 1000));
  return { total, lines: lines.map((text, i) => ({ line: after + 1 + i, text, stream: text.includes('warning') ? 'stderr' : 'stdout', time: run.info.startedAt + (after + 1 + i) * 40 })) };
}

function artifactInfo(a) {
  const aliases = Object.fromEntries(a.versions.flatMap((v) => v.info.aliases.map((alias) => [alias, v.info.version])));
  const { experimentId, experimentName, name, type, description, createdAt } = a;
  return { experimentId, experimentName, name, type, description, createdAt, updatedAt: a.versions.at(-1).info.createdAt, versionCount: a.versions.length, latestVersion: a.versions.at(-1).info.version, aliases };
}

function artifactOf(experimentId, name) {
  return artifacts.get(`${experimentId}/${name}`) ?? fail(lost(`artifact '${name}' in experiment ${experimentId}`));
}

function versionOf(experimentId, name, version) {
  const artifact = artifactOf(experimentId, name);
  return artifact.versions.find((v) => v.info.version === version || v.info.aliases.includes(version)) ?? fail(lost(`version or alias '${version}' of '${name}'`));
}

function versionDetail(version) {
  const info = (id) => runOf(id).info;
  const manifest = Object.entries(version.files).map(([path, text]) => ({ path, digest: version.info.digest, size: Buffer.byteLength(text) }));
  return { version: version.info, manifest, loggedBy: version.loggedBy.map(info), usedBy: version.usedBy.map(info) };
}

function lineage(query) {
  const nodes = new Map();
  const edges = new Map();
  const edge = (from, to) => edges.set(`${from} ${to}`, { from, to });
  const visitVersion = (info) => {
    const id = `version:${info.experimentId}/${info.name}:${info.version}`;
    if (nodes.has(id)) return id;
    nodes.set(id, { id, run: null, version: info });
    const version = versionOf(info.experimentId, info.name, info.version);
    for (const run of version.loggedBy) edge(visitRun(run), id);
    for (const run of version.usedBy) edge(id, visitRun(run));
    return id;
  };
  const visitRun = (runId) => {
    const id = `run:${runId}`;
    if (nodes.has(id)) return id;
    const run = runOf(runId);
    nodes.set(id, { id, run: run.info, version: null });
    for (const use of run.inputs) edge(visitVersion(use.version), id);
    for (const use of run.outputs) edge(id, visitVersion(use.version));
    return id;
  };
  const at = /^(.+?)\/(.+):(.+)$/.exec(query.get('version') ?? '');
  if (at) visitVersion(versionOf(at[1], at[2], at[3]).info);
  else visitRun(query.get('run'));
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

const mimes = { svg: 'image/svg+xml', csv: 'text/csv', json: 'application/json', md: 'text/markdown', png: 'image/png' };

function sendFile(request, response, path, text) {
  if (text === undefined) throw lost(`file '${path}'`);
  let bytes = Buffer.from(text);
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  if (range) bytes = bytes.subarray(Number(range[1]), Number(range[2]) + 1);
  response.writeHead(range ? 206 : 200, { 'Content-Type': mimes[path.split('.').pop()] ?? 'text/plain', 'X-Content-Type-Options': 'nosniff' });
  response.end(bytes);
}

function events(request, response, query) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.write(': hello\n\n');
  const concerns = query.get('run') === liveRun.info.id || query.get('experiment') === liveRun.info.experimentId;
  if (!concerns) return;
  const timer = setInterval(() => response.write(`event: run\ndata: ${JSON.stringify({ runId: liveRun.info.id, changed: ['series', 'logs', 'summary'] })}\n\n`), 1000);
  request.on('close', () => clearInterval(timer));
}

setInterval(() => liveRun.logs.push(`[${liveRun.logs.length}] epoch ${Math.floor(liveRun.logs.length / 100)} loss=\x1b[94m${noise('x', liveRun.logs.length).toFixed(4)}\x1b[0m`), 500);

function answer(request, response, url) {
  const [kind, ...rest] = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
  const [a, b, c, d, , ...deep] = rest;
  const send = (body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  if (kind === 'server') return send({ version: '0.1.0', startedAt: Date.now(), dataFolder: null, authRequired: false });
  if (kind === 'events') return events(request, response, url.searchParams);
  if (kind === 'lineage') return send(lineage(url.searchParams));
  if (kind === 'experiments') return send(a === undefined ? { experiments } : experiments.find((e) => e.id === a) ?? fail(lost(`experiment ${a}`)));
  if (kind === 'runs') {
    if (a === undefined) return send(searchRuns(url.searchParams));
    const run = runOf(a);
    if (b === undefined) return send(detail(run));
    if (b === 'series') return send(series(run, url.searchParams));
    if (b === 'logs') return send(logs(run, url.searchParams));
    if (b === 'files' && c !== undefined) return sendFile(request, response, rest.at(-1), run.files.get(rest.slice(2).join('/')));
    if (b === 'files') return send({ files: [...run.files].map(([path, text]) => ({ path, size: Buffer.byteLength(text), digest: run.info.id + run.info.id, updatedAt: run.info.startedAt })) });
  }
  if (kind === 'artifacts') {
    if (a === undefined) return send({ artifacts: [...artifacts.values()].filter((x) => x.experimentId === url.searchParams.get('experiment')).map(artifactInfo) });
    const artifact = artifactOf(a, b);
    if (c === undefined) return send({ artifact: artifactInfo(artifact), versions: artifact.versions.map((v) => v.info).reverse(), aliasHistory: artifact.history });
    const version = versionOf(a, b, d);
    return deep.length > 0 ? sendFile(request, response, deep.at(-1), version.files[deep.join('/')]) : send(versionDetail(version));
  }
  throw lost(`route ${url.pathname}`);
}

createServer((request, response) => setTimeout(() => {
  try {
    answer(request, response, new URL(request.url, 'http://mock'));
  } catch (fault) {
    response.writeHead(fault.status ?? 500, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ error: { code: fault.code ?? 'internal', message: fault.message, field: fault.field ?? null } }));
  }
}, delay)).listen(port, '127.0.0.1', () => console.log(`stand-in server (made-up data) on http://127.0.0.1:${port}`));
