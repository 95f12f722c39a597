// Text of strangers in every place that shows text: names, params, tags, notes, files of every kind, their names, log lines,
// reasons and descriptions. Two tripwires tell when any of it runs or loads something: a variable of the page, and a server
// of our own that nothing may ever call.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after } from 'node:test';
import { eventually, go, prepare, shows, test, tooWide, world } from './harness.mjs';
import { client } from './seed.mjs';
import { wandb } from './wandb.seed.mjs';
import { notebook } from './things.seed.mjs';

const calls = [];
let wire;
let trap = 'http://127.0.0.1:1';
let made;

/** Each of these would run, or call the wire, wherever it were put into a page as markup. */
function payloads() {
  const run = 'window.tripped=1';
  const call = `new Image().src='${trap}/call'`;
  return [
    `<script>${run}</script>`, `"><img src=x onerror="${run};${call}">`, `<svg onload="${run}">`, `<iframe src="javascript:parent.${run}"></iframe>`,
    `javascript:${run}//`, `<base href="${trap}/">`, `<link rel=stylesheet href="${trap}/style.css">`, `<style>@import url(${trap}/import.css)</style>`,
    `<meta http-equiv="refresh" content="0;url=${trap}/refresh">`, `<img src="${trap}/pixel.png">`, `<form action="${trap}/form"><input autofocus onfocus="${run}">`, `{{constructor.constructor('${run}')()}}`,
    `\${${run}}`, `<math><mtext></table><mglyph><style><img src onerror=${run}>`, `<a href="javascript:${run}" target=_blank>x</a>`, `\u202e<b>\u0000</b>`,
  ].map((text) => text.replaceAll('\u0000', '\ufffd'));
}

function files(texts) {
  const all = texts.join('\n');
  const active = `${all}<script>window.tripped=1;parent.tripped=1;top.tripped=1;fetch('${trap}/fetch')</script>`;
  return {
    'page.html': `<!doctype html><html><head><base href="${trap}/"><style>@import url(${trap}/a.css);body{background:url(${trap}/b.png)}</style></head><body onload="parent.tripped=1">${active}<a id="go" href="${trap}/link" target="_top">link</a></body></html>`,
    'picture.svg': `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="40" onload="top.tripped=1"><script>top.tripped=1</script><image xlink:href="${trap}/x.png"/><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="${trap}/y.png" onerror="top.tripped=1"/></foreignObject><rect width="90" height="40" fill="#12857a"/></svg>`,
    'document.xml': `<?xml version="1.0"?><?xml-stylesheet href="${trap}/x.xsl" type="text/xsl"?><html xmlns="http://www.w3.org/1999/xhtml"><script>top.tripped=1</script></html>`,
    'config.yaml': `a: !!js/function >\n  function () { window.tripped=1 }\nb: &x !!python/object/apply:os.system ['id']\n${texts.map((text) => `k: ${JSON.stringify(text)}`).join('\n')}\n`,
    'README.md': [
      all, ...texts.map((text) => `[link](${text.replaceAll(/[\s()]/g, '')})`), '[a](javascript:window.tripped=1)', '[b](JaVa\tScRiPt:window.tripped=1)', '[c](data:text/html,<script>top.tripped=1</script>)', '[d](vbscript:x)',
      `![${texts[1]}](${trap}/image.png)`, `![x](x" onerror="window.tripped=1)`, '[e]: javascript:window.tripped=1\n[e]', `<${trap}/auto>`, `| ${texts[0]} | b |\n|---|---|\n| ${texts[2]} | c |`, '```html\n<script>window.tripped=1</script>\n```', `# ${texts[1]}`,
    ].join('\n\n'),
    'book.ipynb': notebook([
      { cell_type: 'markdown', source: all },
      { cell_type: 'code', execution_count: 1, source: texts[0], outputs: [
        { output_type: 'display_data', data: { 'text/html': active } }, { output_type: 'display_data', data: { 'application/javascript': 'window.tripped=1' } }, { output_type: 'display_data', data: { 'image/svg+xml': '<svg onload="window.tripped=1"/>' } },
        { output_type: 'stream', text: all }, { output_type: 'error', ename: texts[0], evalue: texts[1], traceback: texts }, { output_type: 'display_data', data: { 'image/png': `"><img src=x onerror=window.tripped=1>` } },
      ] },
    ]),
    'data.json': JSON.stringify(Object.fromEntries([...texts.map((text) => [text, text]), ['__proto__', { tripped: 1 }], ['list', texts]])),
    'table.csv': `${texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\n${texts.map((text) => `"=cmd|' /C calc'!A0 ${text.replaceAll('"', '""')}"`).join(',')}\n`,
    'changes.patch': `diff --git a/${texts[0]} b/${texts[0]}\n--- a/x\n+++ b/x\n@@ -1 +1 @@ ${texts[1]}\n-${texts[2]}\n+${texts[3]}\n`,
    'wandb-metadata.json': JSON.stringify({ host: texts[1], os: texts[0], program: texts[2], args: texts }),
    'requirements.txt': all,
    [`${texts[1].replaceAll('/', '_')}.txt`]: all, 'javascript:window.tripped=1.txt': 'x', '<img src=x onerror=window.tripped=1>.png': 'no picture',
  };
}

prepare(async () => {
  wire = createServer((request, response) => {
    calls.push(request.url);
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('window.tripped=1');
  });
  await new Promise((resolve) => wire.listen(0, '127.0.0.1', resolve));
  trap = `http://127.0.0.1:${wire.address().port}`;
  made = await seedHostile(payloads());
});
after(() => wire?.close());

async function seedHostile(texts) {
  const api = client(world.base);
  const experiment = `${texts[1]} ${Date.now()}`;
  const short = (text) => text.slice(0, 120);
  const run = await api.startRun({
    experiment, name: texts[1], author: texts[0], jobType: short(texts[2]), params: Object.fromEntries(texts.map((text, i) => [`p${i} ${short(text).replaceAll('.', '')}`, text])),
    tags: { ...Object.fromEntries(texts.map((text, i) => [`t${i} ${short(text)}`, text])), 'mlflow.note.content': texts.join('\n\n'), 'mlflow.source.name': texts[4], 'mlflow.project.entryPoint': texts[0], 'mlflow.source.git.commit': texts[1], 'mlflow.source.git.repoURL': texts[4], 'cairn.alert': texts[1] },
  });
  const child = await api.startRun({ experiment, name: texts[2], author: texts[1], parentId: run.id, params: { [texts[0].replaceAll('.', '')]: 1 } });
  await api.update(run, {
    points: texts.slice(0, 6).flatMap((text) => [0, 1].map((step) => ({ key: short(text), value: step, step }))), summary: Object.fromEntries(texts.slice(0, 4).map((text) => [`s ${short(text)}`, text])),
    logs: [...texts, ...texts.map((text) => `\x1b]8;;javascript:window.tripped=1\x07${text}\x1b]8;;\x07\x1b[31m${text}\x1b[0m`)].map((text, line) => ({ line, text, stream: line % 2 ? 'stderr' : 'stdout' })),
  });
  const all = files(texts);
  for (const [path, content] of Object.entries(all)) await api.putFile(run, path, content);
  await api.update(run, { media: [{ key: short(texts[1]), step: 0, time: Date.now(), kind: 'image', path: 'picture.svg', caption: texts[0] }] });
  const version = await api.commit(run, 'hostile', 'model', { ...all, MLmodel: `flavors:\n  '${texts[0].replaceAll("'", '')}': {}\nmetadata: {a: ${JSON.stringify(texts[1])}}\n` }, { description: texts[1], author: texts[2], metadata: { [texts[0]]: texts[1], list: texts } });
  await api.commit(run, 'hostile', 'model', { 'README.md': texts.join('\n'), 'table.csv': `${all['table.csv']}1,2\n` }, { description: texts[3], metadata: { [texts[0]]: texts[2] } });
  await api.move(version, 'prod', { why: texts[1], who: texts[0] });
  const gated = await fetch(`${world.base}/api/v1/artifacts/${run.experimentId}/hostile/gates/staging`, {
    method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ checks: [short(texts[0])], approvals: 1, who: texts[1], source: texts[2] }),
  });
  assert.ok(gated.ok, await gated.text());
  await api.use(child, 'hostile:v0');
  await fetch(`${world.base}/graphql`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: 'mutation($i: RunAlertInput!) { notifyScriptableRunAlert(input: $i) { success } }', variables: { i: { entityName: 'cairn', projectName: experiment, runName: run.id, title: texts[1], text: texts[0], severity: 'ERROR' } } }),
  });
  await api.update(run, { tags: { 'mlflow.loggedArtifacts': JSON.stringify([{ path: 'table.json', type: 'table' }, { path: texts[1], type: texts[0] }]) } });
  await api.putFile(run, 'table.json', JSON.stringify({ columns: texts, data: [texts, texts] }));
  for (const [i, kind] of ['table', 'html', 'audio', 'video', 'file', texts[1].slice(0, 60)].entries()) {
    await api.update(run, { media: [{ key: `k${i} ${short(texts[2])}`, step: i, time: Date.now(), kind, path: kind === 'table' ? 'table.json' : 'page.html', caption: texts[1] }] }).catch(() => undefined);
  }
  return { run, child, version, paths: Object.keys(all), experimentId: run.experimentId, ...await seedHostileWork(api, experiment, run, texts) };
}

/** The same texts where pipelines, triggers, jobs, gates, checks, views and sweeps keep them. */
async function seedHostileWork(api, experiment, run, texts) {
  const send = async (method, path, body) => {
    const response = await fetch(`${world.base}/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json().catch(() => null);
  };
  const pipeline = texts[1].replaceAll('/', '').slice(0, 100);
  const step = texts[2].replaceAll('.', '');
  const execution = await api.startRun({
    experiment, name: texts[0], author: texts[1], jobType: texts[2], params: { [texts[1].replaceAll('.', '')]: texts[0] },
    tags: {
      'cairn.pipeline.name': pipeline, 'cairn.pipeline.file': `/tmp/${texts[1]}/pipeline.yaml`, 'cairn.pipeline.overrides': JSON.stringify(texts.map((text) => `a=${text}`)),
      'cairn.pipeline.graph': JSON.stringify({ [step]: [], [texts[1]]: [step] }), [`cairn.steps.${step}`]: `failed|${run.id}|1|${texts[1]}`, [`checks.${texts[3].replaceAll('/', '').slice(0, 60)}`]: `failed: ${texts[1]}`,
    },
  });
  await api.update(execution, { logs: texts.map((text, line) => ({ line, text, stream: 'stderr' })) });
  await api.finish(execution, 'failed');
  await send('PUT', `/pipelines/${encodeURIComponent(pipeline)}`, { experiment, source: { kind: 'git', location: `https://host/${texts[0]}` }, who: texts[1], triggers: [{ name: texts[2].slice(0, 60), kind: 'schedule', schedule: '0 3 1 1 *' }] });
  await send('POST', `/pipelines/${encodeURIComponent(pipeline)}/jobs`, { changes: [`a=${texts[1]}`] }).catch(() => undefined);
  await send('PUT', `/artifacts/${run.experimentId}/hostile/gates/prod`, { when: "metrics['<img src=x onerror=window.tripped=1>'] > 0", checks: [texts[3].replaceAll('/', '').slice(0, 60)], who: texts[1] });
  await send('PUT', `/experiments/${run.experimentId}/views?page=runs&name=${encodeURIComponent(texts[1].slice(0, 100))}`, { state: '?cols=author' }).catch(() => undefined);
  const agents = wandb(world.base, `hostile-${world.experiment}`);
  const sweep = await agents.sweep(`method: grid\nname: ${JSON.stringify(texts[1])}\ndescription: ${JSON.stringify(texts[0])}\nmetric: {name: ${JSON.stringify(texts[1])}, goal: maximize}\nparameters:\n  ${JSON.stringify(texts[2].replaceAll('.', ''))}: {values: [${JSON.stringify(texts[3])}, 2]}\n`);
  const [{ run_id: trial }] = await agents.beat(await agents.agent(sweep));
  await agents.startRun(trial, { sweep, job: texts[0] });
  await agents.finish(trial, [{ [texts[1]]: 1 }]);
  return { pipeline, step, execution, sweep };
}

// A stored page's own attempts are refused by its frame, and the browser says so; that none of them got out, the wire tells.
const refused = [/foreign request: http:\/\/127\.0\.0\.1:\d+\/(a\.css|import\.css|b\.png|pixel\.png|style\.css|x\.png|y\.png|link|refresh)$/, /Blocked script execution in/, /Content Security Policy/i, /sandbox/i, /status of 404/];

/** Opens a page of ours, waits until it stands, and makes sure that nothing ran and that it is watched by the policy. */
async function visit(page, path) {
  const response = await page.goto(world.base + path);
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
  await page.waitForLoadState('networkidle').catch(() => undefined);
  assert.match(response.headers()['content-security-policy'], /default-src 'self'/, path);
  const found = () => page.evaluate(() => ({
    tripped: window.tripped,
    active: document.querySelectorAll('main script, main base, main link, main meta, main object, main embed, main [onerror], main [onload], main [onfocus], main a[href^="javascript" i], main a[href^="data" i], main form[action]').length,
    foreign: [...document.querySelectorAll('main [src]')].map((element) => element.src).filter((src) => !src.startsWith(location.origin) && !src.startsWith('blob:')),
    frames: [...document.querySelectorAll('iframe')].filter((frame) => frame.getAttribute('sandbox') !== '').length,
    proto: {}.tripped,
  }));
  assert.deepEqual(await found(), { tripped: undefined, active: 0, foreign: [], frames: 0, proto: undefined }, path);
  assert.deepEqual(calls, [], `${path}: the tripwire was called`);
}

test('hostile text of runs stays text, on every page that shows it', async (page) => {
  const { run, child, experimentId } = made;
  for (const path of ['/', `/experiments/${experimentId}`, `/experiments/${experimentId}/artifacts`, `/runs/${run.id}`, `/runs/${run.id}?vs=${child.id}`, `/runs/${run.id}/charts`, `/runs/${run.id}/media`, `/runs/${run.id}/logs`, `/runs/${run.id}/code`, `/runs/${run.id}/lineage`, `/runs/${child.id}`]) {
    await visit(page, path);
  }
  await go(page, `/runs/${run.id}/logs`);
  await shows(page, 'onerror="window.tripped=1', '[role=log]');
});

test('hostile files stay what they are, set out and as text', async (page) => {
  for (const path of made.paths) {
    await visit(page, `/runs/${made.run.id}/files?path=${encodeURIComponent(path)}`);
    await visit(page, `/runs/${made.run.id}/files?path=${encodeURIComponent(path)}&as=text`);
  }
}, { expect: refused });

test('hostile artifacts stay text: versions, files, comparison, history, lineage and the dialog', async (page) => {
  const at = `/artifacts/${made.experimentId}/hostile`;
  for (const path of ['/artifacts', '/models', `${at}?v=v0`, `${at}?v=v0&path=page.html`, `${at}?v=v0&path=README.md`, `${at}/compare?a=v0&b=v1&path=README.md`, `${at}/compare?a=v0&b=v1&path=table.csv`, `${at}/history`, `${at}/gates`, `${at}/gates?gate=staging`, `${at}/gates?gate=${encodeURIComponent(payloads()[1])}`, `${at}/lineage`, `${at}?move=prod&to=v1`, `${at}?move=${encodeURIComponent(payloads()[1])}&to=v1`]) {
    await visit(page, path);
  }
}, { expect: refused });

test('hostile text stays text in pipelines, triggers, jobs, the launch form, gates, sweeps, comparisons, charts and settings', async (page) => {
  const { run, child, execution, pipeline, step, sweep, experimentId } = made;
  const key = encodeURIComponent(`params.p1 ${payloads()[1].slice(0, 120).replaceAll('.', '')}`);
  const compared = `/compare?runs=${run.id},${child.id}`;
  for (const path of [
    '/', '/pipelines', `/pipelines?pipeline=${encodeURIComponent(pipeline)}`, `/pipelines/runs/${execution.id}`, `/pipelines/runs/${execution.id}?step=${encodeURIComponent(step)}`, '/pipelines/triggers',
    `/launch?what=${encodeURIComponent(`pipeline:${pipeline}`)}&set=${encodeURIComponent(`a=${payloads()[1]}`)}`, '/settings', compared, `${compared}&view=charts`, `${compared}&view=code`,
    `/experiments/${experimentId}?group=${key}&cols=${key}`, `/experiments/${experimentId}?filter=${encodeURIComponent(payloads()[1])}`, `/experiments/${experimentId}/charts?group=${key}&panels=${encodeURIComponent(`scatter:${decodeURIComponent(key)},metrics.x;parallel:${decodeURIComponent(key)},author`)}`,
    `/cairn/hostile-${world.experiment}/sweeps/${sweep}`, `/artifacts/${experimentId}/hostile?move=prod&to=v1`, `/artifacts/${experimentId}/hostile/history`, `/runs/${run.id}?vs=${execution.id}`, `/${payloads()[1]}`, `/runs/${encodeURIComponent(payloads()[1])}`,
  ]) {
    await visit(page, path);
  }
}, { expect: [...refused, /status of 40\d/, /ApiError/] });

test('hostile text stays text in the palette, in messages with their way back, and in saved views', async (page) => {
  await go(page, `/experiments/${made.experimentId}`);
  await page.keyboard.press('ControlOrMeta+k');
  for (const words of ['onerror', 'script', payloads()[1]]) {
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(words);
    await page.waitForTimeout(300);
  }
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('onerror');
  await page.getByRole('option', { name: /onerror/ }).first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('textbox', { name: 'Name of a new view' }).fill(payloads()[2].slice(0, 60));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /View: / }).waitFor();
  await page.getByRole('checkbox', { name: /^Choose / }).nth(1).click();
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByRole('textbox', { name: 'Tag' }).fill('x <img src=x onerror=window.tripped=1>');
  await page.getByRole('textbox', { name: 'Value' }).fill(payloads()[1]);
  await page.getByRole('button', { name: 'Set' }).click();
  await page.getByText('onerror=window.tripped=1>” set on').waitFor();
  assert.equal(await page.locator('img[src="x"], main script').count(), 0);
  assert.deepEqual(calls, []);
});

test('names with line breaks, marks that turn the direction, marks without width and emoji are kept as they are, and break no page', async (page) => {
  const api = client(world.base);
  const names = ['turned \u202egnp.exe', 'no\u200bwidth\u200d', '🌧️ rain 👩🏽‍🔬', `very ${'long '.repeat(90)}`.trim(), 'e\u0301'.repeat(60)];
  const experiment = `${world.experiment} 🌧️ \u202eexe.png`;
  const runs = [];
  for (const name of names) runs.push(await api.startRun({ experiment, name, author: name.slice(0, 100), params: { p: name }, tags: { t: name } }));
  assert.deepEqual(runs.map((run) => run.name), names);
  for (const path of ['/', `/experiments/${runs[0].experimentId}`, ...runs.map((run) => `/runs/${run.id}`), `/compare?runs=${runs.map((run) => run.id).join(',')}`]) {
    await visit(page, path);
    await eventually(async () => assert.equal(await tooWide(page), null, path), 15_000);
  }
  // What no text can hold is refused by name, not stored half.
  for (const name of ['two\nlines', 'nul\u0000', 'x'.repeat(1_000_000)]) {
    const response = await fetch(`${world.base}/api/v1/experiments`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) });
    assert.equal(response.status, 400);
    assert.match((await response.json()).error.message, /name/i);
  }
}, { viewport: { width: 390, height: 844 } });

test('errors of the server reflect nothing as markup, whatever was asked for', async (page) => {
  const evil = '<script>window.tripped=1</script>';
  const strange = await fetch(`${world.base}/api/v1/runs`, { method: 'POST', headers: { 'Content-Type': evil }, body: '{}' });
  assert.ok([400, 415].includes(strange.status), `${strange.status}`);
  for (const path of [`/api/v1/${evil}`, `/api/v1/runs/${evil}`, `/api/v1/runs?filter=${evil}`, `/api/v1/runs?orderBy=${evil}`, `/api/2.0/mlflow/${evil}`, `/api/2.0/mlflow/runs/get?run_id=${evil}`, `/files/${evil}`, `/artifactsV2/${evil}`]) {
    const response = await page.goto(world.base + path.replaceAll('<', '%3C').replaceAll('>', '%3E'));
    const { 'content-type': type = '', 'x-content-type-options': sniff } = response.headers();
    if (!type.startsWith('text/html')) assert.equal(sniff, 'nosniff', path);
    assert.equal(await page.evaluate(() => window.tripped), undefined, path);
    assert.equal(await page.locator('body script:not([src])').count(), 0, path);
  }
  const body = await strange.text();
  assert.match(strange.headers.get('content-type'), /json/);
  assert.ok(!body.includes('<script>'), body);
  await page.goto(world.base);
}, { expect: [/status of 4\d\d/, /ApiError/] });

test('files that a browser would run are only handed over as downloads, or in a sandbox', async (page) => {
  for (const path of ['page.html', 'picture.svg', 'document.xml', 'book.ipynb', 'config.yaml']) {
    for (const at of [`/runs/${made.run.id}/files/${path}`, `/artifacts/${made.experimentId}/hostile/versions/v0/files/${path}`]) {
      const response = await fetch(`${world.base}/api/v1${at}`);
      assert.equal(response.status, 200, at);
      assert.match(response.headers.get('content-security-policy') ?? '', /sandbox/, at);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff', at);
      if (/html|svg|xml/.test(path)) assert.ok(/attachment/.test(response.headers.get('content-disposition') ?? '') || /text\/plain|octet-stream|image\/svg/.test(response.headers.get('content-type')), `${at}: ${response.headers.get('content-type')}`);
    }
  }
  await page.goto(world.base);
});

test('links of hostile documents lead nowhere, and those into the web hand nothing over', async (page) => {
  await go(page, `/runs/${made.run.id}/files?path=README.md`);
  await page.locator('section[aria-label^="Preview"] a[target="_blank"]').first().waitFor();
  const links = await page.locator('section[aria-label^="Preview"] a[href]:not([download])').evaluateAll((all) => all.map(({ href, target, rel }) => ({ href, target, rel })));
  for (const { href, target, rel } of links) {
    assert.match(href, /^(https?:|mailto:)/);
    assert.equal(target, '_blank');
    assert.match(rel, /noopener/);
  }
});

test('the frame of a stored page can neither leave, nor reach the page around it', async (page) => {
  await go(page, `/runs/${made.run.id}/files?path=page.html`);
  const frame = page.frameLocator('iframe');
  await frame.locator('#go').click({ force: true, timeout: 20_000 }).catch(() => undefined);
  await eventually(async () => assert.ok(page.url().startsWith(world.base)));
  assert.equal(await page.evaluate(() => window.tripped), undefined);
  assert.deepEqual(calls, []);
}, { expect: [...refused, /Unsafe attempt to initiate navigation/i, /frame/i] });

test('stored files that are opened by themselves run nothing and load nothing', async (page) => {
  for (const path of made.paths) {
    for (const query of ['', '?view=page']) {
      const download = page.waitForEvent('download', { timeout: 1_500 }).catch(() => null);
      await page.goto(`${world.base}/api/v1/runs/${made.run.id}/files/${path.split('/').map(encodeURIComponent).join('/')}${query}`).catch(() => undefined);
      if (await Promise.race([download, page.waitForLoadState('load').then(() => null)])) continue;
      assert.equal(await page.evaluate(() => window.tripped).catch(() => undefined), undefined, path);
    }
  }
  assert.deepEqual(calls, []);
  await page.goto(world.base);
}, { expect: [...refused, /ERR_ABORTED/, /error on line/i] });
