// Run pages, previews of files, artifacts, models and lineage, on the data of things.seed.mjs.
import assert from 'node:assert/strict';
import { eventually, go, heading, prepare, shows, test, world } from './harness.mjs';
import { seedLineage, seedLog, seedThings } from './things.seed.mjs';

prepare(async () => {
  world.things = await seedThings(world.base, `${world.experiment}-things`);
});

const openRun = (page, tab = '') => go(page, `/runs/${world.things.run.id}${tab}`);
const openFile = (page, path) => openRun(page, `/files?path=${encodeURIComponent(path)}`);
const openModel = (page, rest = '') => go(page, `/artifacts/${world.things.run.experimentId}/forecaster${rest}`);
const preview = (page) => page.locator('section[aria-label^="Preview"]');

// Run

test('the overview tells alerts, notes as a page, and how the parameters differ from another run', async (page) => {
  await openRun(page);
  const alerts = page.locator('section', { has: page.getByRole('heading', { name: 'Alerts' }) });
  await eventually(async () => assert.deepEqual(await alerts.locator('li b').allInnerTexts(), ['Loss stands still', 'Learning rate lowered']));
  await page.locator('strong', { hasText: 'wider' }).waitFor();
  await eventually(async () => assert.equal(await page.getByRole('link', { name: 'the page', exact: true }).getAttribute('rel'), 'noopener noreferrer nofollow'));
  assert.equal(await page.locator('main').getByText('system.cpu').count(), 0);
  const select = page.getByRole('combobox', { name: 'Compare with another run' });
  await select.focus();
  await eventually(async () => assert.ok(await select.locator('option').count() > 2));
  await select.selectOption(world.things.earlier.id);
  await page.waitForURL(/vs=/);
  const table = page.getByRole('region', { name: 'Parameters of both runs' });
  const rows = () => table.locator('tbody tr').allInnerTexts();
  await eventually(async () => assert.deepEqual((await rows()).map((row) => row.replaceAll(/\s+/g, ' ').trim()), ['data.years [2012] [2012,2013]', 'depth 8 12', 'seed absent 42', 'trees 100 200']));
  await page.reload();
  await table.waitFor();
});

test('the code tab tells how to run it again, what was not committed, the environment and the machine', async (page) => {
  await openRun(page, '/code');
  await shows(page, "cairn run 'https://git.example/forecast#train'".replaceAll("'", ''), 'section pre');
  await shows(page, '-P depth=12', 'section pre');
  const changes = page.getByRole('region', { name: 'Changes of train.py' });
  await changes.getByText('trees = 100').waitFor();
  await shows(page, '2 × NVIDIA H100', 'dl');
  await page.getByRole('button', { name: /Environment, as resolved/ }).click();
  await page.waitForURL(/path=cairn%2Fenvironment\.lock/);
  await shows(page, 'scikit-learn==1.7.0', 'pre');
});

test("the machine's load is drawn, and can be searched", async (page) => {
  await openRun(page, '/system');
  await page.getByRole('img', { name: /^cpu: 120 samples/ }).locator('canvas').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('gpu');
  await eventually(async () => assert.equal(await page.getByRole('img', { name: /samples/ }).count(), 1));
  await page.waitForURL(/q=gpu/);
});

test('a run that goes on can be asked to stop, and told dead', async (page) => {
  const run = await world.api.startRun({ experiment: `${world.experiment}-things`, name: 'to be stopped' });
  await go(page, `/runs/${run.id}`);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('asked to end').waitFor();
  await dialog.getByRole('button', { name: 'Stop it' }).click();
  await page.getByRole('button', { name: 'Stopping …' }).click();
  const answer = await (await fetch(`${world.base}/api/v1/runs/${run.id}`)).json();
  assert.deepEqual([answer.run.status, answer.stopRequested], ['running', true]);
  await page.getByRole('dialog').getByRole('button', { name: 'Only mark as killed' }).click();
  await page.locator('main header').getByText('Killed', { exact: true }).waitFor();
  await page.getByRole('button', { name: /Stop/ }).waitFor({ state: 'detached' });
});

test('a log of 100,000 lines opens, jumps to its end and is searched', async (page) => {
  await seedLog(world.base, world.things.earlier, 100_000);
  await go(page, `/runs/${world.things.earlier.id}/logs`);
  const log = page.getByRole('log');
  await log.locator('code').getByText('0', { exact: true }).waitFor();
  assert.ok(await log.locator('code').count() < 150);
  await page.getByRole('button', { name: 'End' }).click();
  await log.locator('code').getByText('99999', { exact: true }).waitFor();
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('77777 step');
  await page.locator('main').getByText('1 match').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/line=77778/);
  await eventually(async () => assert.equal((await log.locator('mark').allInnerTexts()).join(''), '77777 step'));
});

// Files

test('Markdown is a page: pictures and links beside it work', async (page) => {
  await openFile(page, 'README.md');
  await preview(page).getByRole('heading', { name: 'Forecast', level: 3 }).waitFor();
  await eventually(async () => assert.equal(await preview(page).locator('img').evaluate((image) => image.naturalWidth), 480));
  await eventually(async () => assert.equal(await preview(page).locator('input[type=checkbox]:checked').count(), 1));
  await preview(page).getByRole('button', { name: 'what it was trained on' }).click();
  await page.waitForURL(/path=data%2Ftrain\.parquet/);
});

test('Parquet is a table with figures for every column', async (page) => {
  await openFile(page, 'data/train.parquet');
  await shows(page, '1\u202f500 rows · 3 columns');
  const wind = preview(page).getByRole('columnheader', { name: /wind/ });
  await eventually(async () => {
    assert.match(await wind.innerText(), /0 … 4[\s\S]*150 missing/);
    assert.match(await wind.getAttribute('title'), /type double/);
  });
  await preview(page).getByRole('cell', { name: '2012-01-01' }).waitFor();
});

test('JSON is a tree, YAML coloured, a notebook readable, and each can be shown as text', async (page) => {
  await openFile(page, 'result.json');
  const matrix = preview(page).getByRole('button', { name: 'matrix [ 2 ]' });
  await matrix.click();
  await eventually(async () => assert.equal(await matrix.getAttribute('aria-expanded'), 'false'));
  await preview(page).getByRole('button', { name: 'Text', exact: true }).click();
  await page.waitForURL(/as=text/);
  await preview(page).getByText('"classes":["sun","rain"]').waitFor();
  await openFile(page, 'config.yaml');
  await preview(page).getByText('# more than before').waitFor();
  await openFile(page, 'explore.ipynb');
  await preview(page).getByRole('heading', { name: 'A look at the data' }).waitFor();
  await preview(page).getByText('0 2012-01-01 0.0').waitFor();
  await eventually(async () => assert.equal(await preview(page).getByRole('img', { name: 'Output of the cell' }).evaluate((image) => image.naturalWidth), 360));
  await preview(page).getByText('ZeroDivisionError').first().waitFor();
});

test('a stored page is shown in a frame of its own origin', async (page) => {
  await openFile(page, 'report.html');
  const frame = page.frameLocator('iframe[sandbox=""]');
  await frame.getByRole('heading', { name: 'Report' }).waitFor();
});

// Artifacts and models

test('artifacts and models of the whole server are listed, by type', async (page) => {
  await go(page, `/artifacts?q=${world.experiment}`);
  await page.getByRole('link', { name: 'forecaster' }).waitFor();
  await page.getByRole('button', { name: 'dataset', exact: true }).click();
  await page.waitForURL(/type=dataset/);
  await page.getByRole('link', { name: 'forecaster' }).waitFor({ state: 'detached' });
  await go(page, `/models?q=${world.experiment}`);
  await page.locator('tr', { hasText: 'forecaster' }).getByText('prod → v1').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/artifacts\//);
});

test('two versions are compared: facts, metrics, metadata, files, lines and tables', async (page) => {
  await openModel(page, '/compare?a=v0&b=v1');
  const facts = page.getByRole('region', { name: 'Facts of both versions' });
  const row = async (name) => (await facts.locator('tr', { has: page.getByRole('rowheader', { name, exact: true }) }).first().innerText()).replaceAll(/\s+/g, ' ');
  await eventually(async () => assert.equal(await row('accuracy'), 'accuracy 0.81 0.86 +0.05 (+6.2 %)'));
  await eventually(async () => assert.equal(await row('trees'), 'trees 100 150 +50 (+50 %)'));
  const files = page.getByRole('list', { name: 'Changed files' });
  await eventually(async () => assert.equal(await files.locator('li').count(), 4));
  await files.getByRole('button', { name: /notes\.md/ }).click();
  await page.waitForURL(/path=notes\.md/);
  const lines = page.getByRole('region', { name: 'Changes of notes.md' });
  await lines.getByText('accuracy 0.86').waitFor();
  await files.getByRole('button', { name: /input\.csv/ }).click();
  await page.getByText('20 rows before, 30 rows after').waitFor();
  await page.getByRole('button', { name: 'Swap' }).click();
  await page.waitForURL(/a=v1&b=v0/);
  await page.getByText('30 rows before, 20 rows after').waitFor();
});

test('a gate that refuses is shown with its reasons, and the server is not asked to move', async (page) => {
  await openModel(page, '?v=v2');
  await page.keyboard.press('p');
  await page.waitForURL(/move=prod&to=v2/);
  const dialog = page.getByRole('dialog');
  const gate = dialog.getByRole('region', { name: 'Gate of prod' });
  await gate.getByRole('img', { name: 'failed' }).waitFor();
  await eventually(async () => assert.match(await gate.innerText(), /0\.79/));
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('I like it');
  await eventually(async () => assert.ok(await dialog.getByRole('button', { name: 'Point prod to v2' }).isDisabled()));
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.searchParams.has('move'));
});

test('an alias is moved with a reason, both versions in view, and rolled back', async (page) => {
  await openModel(page);
  await page.getByRole('button', { name: 'Move an alias' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Alias' }).fill('shadow');
  await dialog.getByRole('combobox', { name: 'Version' }).selectOption('v0');
  await dialog.getByText('shadow is new').waitFor();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('to be watched beside prod');
  await dialog.getByRole('textbox', { name: 'Your name' }).fill('lin');
  await dialog.getByRole('button', { name: 'Point shadow to v0' }).click();
  await dialog.waitFor({ state: 'detached' });
  await shows(page, 'to be watched beside prod', 'section[aria-label="Alias shadow"]');

  await page.locator('section[aria-label="Alias prod"]').getByRole('button', { name: 'Roll back' }).click();
  await page.waitForURL(/move=prod&to=v0/);
  await dialog.getByText('let through without it').waitFor();
  await eventually(async () => assert.equal(await dialog.getByRole('textbox', { name: 'Your name' }).inputValue(), 'lin'));
  await dialog.getByRole('row', { name: /accuracy 0\.86 0\.81/ }).first().waitFor();
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('it answered too slowly');
  await dialog.getByRole('button', { name: 'Roll back to v0' }).click();
  await dialog.waitFor({ state: 'detached' });
  await shows(page, 'it answered too slowly', 'section[aria-label="Alias prod"]');
  await page.getByRole('link', { name: /Alias history/ }).click();
  await page.locator('main ol > li', { hasText: 'rolled back' }).waitFor();
});

test('somebody who was faster is told, and nothing is overwritten', async (page) => {
  const move = (version, why) => world.api.move({ experimentId: world.things.run.experimentId, name: 'forecaster', version }, 'race', { why, who: 'ada' });
  await move('v0', 'first');
  await openModel(page, '?move=race&to=v1');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('race now:').waitFor();
  await page.route('**/api/v1/artifacts/**', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  await move('v2', 'faster');
  await dialog.getByRole('textbox', { name: /Reason/ }).fill('mine');
  await dialog.getByRole('button', { name: 'Point race to v1' }).click();
  await dialog.getByRole('alert').getByText(/409/).waitFor();
  await page.unroute('**/api/v1/artifacts/**');
}, { expect: [/409/, /ERR_FAILED/] });

test("a model tells its flavours, what it takes and gives, and its place in the registry", async (page) => {
  await openModel(page, '?v=v1');
  await shows(page, 'python_function', 'section dl');
  await shows(page, /temp_max double/, 'section dl');
  await shows(page, /models:\/forecaster.*\/2/, 'section dl');
});

// Lineage

const graphOf = (page) => page.getByRole('group', { name: 'Lineage graph' });

test('the lineage of a run is shown, found in, walked with the keys and opened', async (page) => {
  await go(page, `/runs/${world.second.train.id}/lineage`);
  const graph = graphOf(page);
  await graph.getByRole('link', { name: /train_random_forest/ }).focus();
  await page.keyboard.press('ArrowRight');
  await eventually(async () => assert.match(await page.evaluate(() => document.activeElement?.textContent), /model_export:v1/));
  await page.keyboard.press('ArrowRight');
  await eventually(async () => assert.match(await page.evaluate(() => document.activeElement?.textContent), /evaluate/));
  await page.waitForURL(/at=run/);
  await page.reload();
  // Who opens the link is where the sender was: the keys go on from there.
  await eventually(async () => assert.match(await graph.locator('[data-node][tabindex="0"], [data-node] [tabindex="0"]').first().innerText(), /evaluate/));
  await page.keyboard.press('/');
  await page.keyboard.type('raw_data');
  await shows(page, '1 match');
  await page.keyboard.press('Enter');
  await shows(page, '1 of 1');
  await page.waitForURL(/at=version/);
  await page.reload();
  await shows(page, '1 of 1');
  await page.getByRole('button', { name: 'Made of it' }).click();
  await page.waitForURL(/dir=down/);
  await shows(page, '1 version, 2 runs');
  await page.keyboard.press('Escape');
  await graph.getByRole('link', { name: /model_export:v1/ }).click();
  await heading(page, 'model_export');
});

test('what lies beyond the asked steps is told and opened on demand, and the address keeps it', async (page) => {
  await go(page, `/artifacts/${world.experimentId}/model_export/lineage?v=v1&depth=1`);
  const graph = graphOf(page);
  await shows(page, '1 version, 2 runs');
  await graph.getByRole('button', { name: /Show 1 more beside train_random_forest/ }).click();
  await graph.getByRole('link', { name: /raw_data\.csv:v1/ }).waitFor();
  await page.waitForURL(/open=run%3A/);
  await page.reload();
  await graph.getByRole('link', { name: /raw_data\.csv:v1/ }).waitFor();
  await graph.getByRole('link', { name: /raw_data\.csv:v1/ }).focus();
  await page.keyboard.press('e');
  await graph.getByRole('link', { name: /download_data/ }).waitFor();
  await page.getByRole('button', { name: 'Close 2 opened' }).click();
  await shows(page, '1 version, 2 runs');
});

test('a graph of 2,000 nodes is drawn, zoomed and searched, with few boxes at a time', async (page) => {
  const raw = await seedLineage(world.base, `${world.experiment}-lineage`, 400);
  await go(page, `/artifacts/${raw.experimentId}/raw/lineage?depth=10`);
  const graph = graphOf(page);
  await shows(page, '801 versions, 1\u202f201 runs');
  await graph.getByRole('link', { name: 'raw:v0' }).waitFor();
  await eventually(async () => assert.match(await graph.getAttribute('aria-description'), /^2\u202f002 nodes/));
  assert.ok(await graph.getByRole('link').count() < 200);
  await page.getByRole('button', { name: 'Show all' }).click();
  await eventually(async () => assert.equal(await graph.getByRole('link').count(), 0));
  await eventually(async () => {
    const drawn = await graph.locator('canvas').evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0));
    assert.ok(drawn > 10_000, `${drawn} values drawn`);
  });
  await page.getByRole('searchbox', { name: /Find runs and versions/ }).fill('model_321');
  await page.keyboard.press('Enter');
  await graph.getByRole('link', { name: /model_321:v0/ }).waitFor();
}, { expect: [/Multiple readback operations/] });

test('"[" and "]" walk through the parts of a page', async (page) => {
  await openRun(page);
  await page.keyboard.press(']');
  await page.waitForURL(/\/charts/);
  await page.keyboard.press(']');
  await page.waitForURL(/\/files/);
  await page.keyboard.press('[');
  await page.waitForURL(/\/charts/);
});
