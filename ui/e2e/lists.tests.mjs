import assert from 'node:assert/strict';
import { after } from 'node:test';
import { openDoor } from './door.mjs';
import { eventually, go, heading, prepare, shows, test, text, world } from './harness.mjs';

const rowNames = (page) => page.locator('[role=table] [role=row] [role=cell]:nth-child(2) a:not([aria-label^="made "])').allInnerTexts();
const openRuns = (page, query = '') => go(page, `/experiments/${world.experimentId}${query}`);

test('experiments are listed with their runs and what is running', async (page) => {
  await go(page, '/');
  const row = page.locator('tbody tr').filter({ has: page.getByRole('link', { name: world.experiment, exact: true }) });
  await eventually(async () => {
    const cells = await row.locator('td').allInnerTexts();
    const { experiments } = await (await fetch(`${world.base}/api/v1/experiments`)).json();
    assert.equal(cells[1], String(experiments.find(({ name }) => name === world.experiment).runCount));
    assert.match(cells[2], /\d running/);
  });
  await shows(page, 'live-training', 'aside');
  assert.match(await page.title(), /Experiments/);
});

test('the search box is reached by "/", filters, and its text is in the address', async (page) => {
  await go(page, '/');
  await page.keyboard.press('/');
  await page.keyboard.type(`${world.experiment}-MANY`);
  await shows(page, '1 experiment');
  await page.waitForURL((url) => url.searchParams.get('q') === `${world.experiment}-MANY`);
  await page.reload();
  await shows(page, '1 experiment');
});

test('"j" and Enter open an experiment', async (page) => {
  await go(page, `/?q=${world.experiment}-many`);
  await page.keyboard.press('j');
  await page.locator('tr[aria-current]').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/experiments\/\d+$/);
  await heading(page, world.many);
});

test('runs stand under the run that launched them, and can be shown flat', async (page) => {
  await openRuns(page);
  await page.getByRole('link', { name: 'pipeline 2' }).waitFor();
  await eventually(async () => assert.ok((await rowNames(page)).includes('train_random_forest')));
  const rows = await page.locator('[role=row]').count();
  await page.getByRole('button', { name: 'Hide nested runs of pipeline 2' }).click();
  await eventually(async () => assert.equal(await page.locator('[role=row]').count(), rows - 3));
  await page.waitForURL(/fold=[0-9a-f]{32}/);
  await page.reload();
  await page.getByRole('button', { name: 'Show nested runs of pipeline 2' }).waitFor();
  await page.getByRole('button', { name: 'Nested', exact: true }).click();
  await page.waitForURL(/tree=flat/);
  await eventually(async () => assert.equal(await page.locator('[role=row]').count(), rows));
  await eventually(async () => assert.equal(await page.locator('[role=cell] button[aria-expanded]').count(), 0));
});

test('a filter in the search grammar is applied by Enter and kept in the address', async (page) => {
  await openRuns(page);
  await page.keyboard.press('/');
  await page.keyboard.type('metrics.log_loss < 0.3');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.deepEqual(await rowNames(page), ['evaluate']));
  await eventually(() => assert.equal(new URL(page.url()).searchParams.get('filter'), 'metrics.log_loss < 0.3'));
});

test('words alone search the name', async (page) => {
  await openRuns(page, '?filter=RANDOM+forest');
  await shows(page, 'No run matches');
  await openRuns(page, '?filter=RANDOM_forest');
  await eventually(async () => assert.deepEqual(await rowNames(page), ['train_random_forest', 'train_random_forest']));
});

test("a filter that is none shows the server's own words", async (page) => {
  await openRuns(page, `?filter=${encodeURIComponent('metrics.loss << 1')}`);
  await shows(page, '<<', '[role=alert]');
  await shows(page, 'field filter', '[role=alert]');
}, { expect: [/status of 400/] });

test('a heading sorts, first the greatest, then the least', async (page) => {
  await openRuns(page, '?tree=flat&filter=run_name+%3D+%27evaluate%27&cols=metrics.log_loss');
  const column = page.getByRole('columnheader', { name: 'log_loss' });
  await column.getByRole('button', { name: 'log_loss', exact: true }).click();
  await page.waitForURL(/sort=-metrics\.log_loss/);
  const values = () => page.locator('[role=cell]:nth-child(3)').allInnerTexts();
  await eventually(async () => assert.deepEqual(await values(), ['0.44', '0.22']));
  await column.getByRole('button', { name: 'log_loss', exact: true }).click();
  await eventually(async () => assert.deepEqual(await values(), ['0.22', '0.44']));
  await eventually(async () => assert.equal(await column.getAttribute('aria-sort'), 'ascending'));
});

test('columns are chosen from what was logged and stay in the address', async (page) => {
  await openRuns(page);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('textbox', { name: 'Find a column' }).or(page.getByRole('searchbox', { name: 'Find a column' })).fill('max_depth');
  await page.getByRole('checkbox', { name: 'model.max_depth' }).click();
  await page.getByRole('columnheader', { name: 'model.max_depth' }).waitFor();
  await page.waitForURL((url) => /params\.model\.max_depth/.test(url.searchParams.get('cols')));
  await page.reload();
  await page.getByRole('columnheader', { name: 'model.max_depth' }).waitFor();
  await page.keyboard.press('Escape');
});

test('a long table draws only what is seen and fetches the rest while scrolling', async (page) => {
  await go(page, `/?q=${world.many}`);
  await page.getByRole('link', { name: world.many }).click();
  await page.getByRole('link', { name: 'trial-259' }).waitFor();
  assert.ok(await page.locator('[role=row]').count() < 80);
  // At the end of what has been fetched a key finds nothing to move to, until the next page is there.
  const reached = page.locator('[role=row][aria-current]').getByRole('link', { name: 'trial-000' });
  for (let i = 0; i < 3000 && (await reached.count()) === 0; i++) await page.keyboard.press('j');
  await reached.waitFor();
  await shows(page, '260 runs');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\//);
  await heading(page, 'trial-000');
});

test('a run that starts appears without a reload', async (page) => {
  await openRuns(page);
  await page.getByRole('link', { name: 'live-training' }).waitFor();
  const run = await world.api.startRun({ experiment: world.experiment, name: 'started just now' });
  await page.getByRole('link', { name: 'started just now' }).waitFor();
  await world.api.finish(run, 'killed');
  const row = page.locator('[role=row]').filter({ hasText: 'started just now' });
  await row.getByRole('img', { name: 'Killed' }).waitFor();
});

test('what happens before a page has begun to listen is shown all the same', async (page) => {
  let listen;
  let held;
  const hold = () => (held = new Promise((resolve) => (listen = resolve)));
  await page.route(/\/api\/v1\/events/, async (route) => {
    await held;
    await route.continue();
  });
  hold();
  await openRuns(page);
  await page.getByRole('link', { name: 'live-training' }).waitFor();
  const run = await world.api.startRun({ experiment: world.experiment, name: 'started unheard' });
  listen();
  await page.getByRole('link', { name: 'started unheard' }).waitFor();

  hold();
  await go(page, `/runs/${run.id}`);
  await page.locator('main header').getByText('Running', { exact: true }).waitFor();
  await world.api.finish(run, 'killed');
  listen();
  await page.locator('main header').getByText('Killed', { exact: true }).waitFor();
});

test('artifacts are listed with their aliases and open', async (page) => {
  await go(page, `/experiments/${world.experimentId}/artifacts`);
  await shows(page, 'prod → v1', 'tr');
  await page.getByRole('link', { name: 'model_export' }).click();
  await page.waitForURL(/\/artifacts\//);
  await heading(page, 'model_export');
});

test('an experiment without runs tells how to start one', async (page) => {
  const empty = `${world.experiment}-empty`;
  const response = await fetch(`${world.base}/api/v1/experiments`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: empty }) });
  const { id } = await response.json();
  await go(page, `/experiments/${id}`);
  await shows(page, 'No runs in this experiment yet');
  await shows(page, 'cairn run');
  await go(page, `/experiments/${id}/artifacts`);
  await shows(page, 'No artifacts yet');
});

test('every empty page of an experiment says what to type next', async (page) => {
  const response = await fetch(`${world.base}/api/v1/experiments`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: `${world.experiment}-nothing` }) });
  const { id } = await response.json();
  for (const [path, command] of [['', 'cairn run'], ['/charts', 'MLFLOW_TRACKING_URI='], ['/artifacts', 'cairn artifact put']]) {
    await go(page, `/experiments/${id}${path}`);
    await shows(page, command, 'pre');
  }
  await go(page, '/compare');
  await page.getByRole('link', { name: 'Open an experiment' }).click();
  await heading(page, 'Experiments');
});

test('an address that leads nowhere says so', async (page) => {
  await go(page, '/no/such/page');
  await eventually(async () => assert.match(await text(page, 'h1'), /nothing at this address/));
  await page.getByRole('link', { name: 'All experiments', exact: true }).click();
  await heading(page, 'Experiments');
});

test("a run, experiment or artifact that is not there is told in the server's words", async (page) => {
  for (const path of ['/runs/00000000000000000000000000000000', '/experiments/999999', `/artifacts/${world.experimentId}/nothing`]) {
    await go(page, path);
    await heading(page, 'Not found');
    await shows(page, '404', '[role=alert]');
  }
}, { expect: [/status of 404/, /^error: ApiError/] });

test('the theme changes by key and is kept', async (page) => {
  await go(page, '/');
  await page.keyboard.press('t');
  await page.keyboard.press('t');
  const isDark = () => page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
  await isDark();
  await page.reload();
  await isDark();
});

test('a server that goes away is told, and its return too', async (page) => {
  await go(page, '/');
  await page.context().setOffline(true);
  await shows(page, 'does not answer', 'body');
  await shows(page, world.experiment);
  await page.context().setOffline(false);
  await page.getByText('does not answer').waitFor({ state: 'detached' });
}, { expect: [/ERR_INTERNET_DISCONNECTED/] });

let door;
prepare(async () => (door = await openDoor(world.base)));
after(() => door?.shut());

test('a page that only listens tells that the server is gone, and what was asked for meanwhile comes when it is back', async (page) => {
  await page.goto(`${door.base}/experiments/${world.experimentId}?tree=flat`);
  await page.getByRole('link', { name: 'evaluate' }).first().waitFor();
  await door.shut();
  await shows(page, 'does not answer', 'body');
  await page.getByRole('link', { name: 'evaluate' }).first().waitFor();
  // The code of this page is not here yet; the browser's own error must not take the place of what is.
  await page.getByRole('link', { name: 'Models', exact: true }).first().evaluate((link) => link.click());
  await page.waitForURL(/\/models$/);
  await shows(page, 'This is what was last seen', 'body');
  await door.open();
  await heading(page, 'Models');
  await page.getByText('does not answer').waitFor({ state: 'detached' });
}, { base: () => door.base, expect: [/net::ERR_|dynamically imported module|preload CSS/] });

test('"?" tells the keys', async (page) => {
  await go(page, '/');
  await page.keyboard.press('?');
  await shows(page, 'Next row', 'dialog');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
});
