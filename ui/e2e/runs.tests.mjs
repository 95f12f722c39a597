// The table of runs: groups, orders, columns, views, filters with completion, changes of many runs, keys.
import assert from 'node:assert/strict';
import { eventually, go, place, shows, test, world } from './harness.mjs';

const at = (query = '') => `/experiments/${world.experimentId}${query}`;
const many = async () => {
  const { experiments } = await (await fetch(`${world.base}/api/v1/experiments`)).json();
  return experiments.find(({ name }) => name === world.many).id;
};
const names = (page) => page.locator('[role=table] [role=row] [role=cell]:nth-child(2) a:not([aria-label^="made "])').allInnerTexts();
const search = (page, name) => new URL(page.url()).searchParams.get(name);
const heads = async (page) => (await page.locator('[role=columnheader] [class*=headButton]').allInnerTexts()).map((text) => text.trim());

test('runs are grouped by a parameter, with what their numbers come to, and a group opens', async (page) => {
  await go(page, `/experiments/${await many()}?cols=metrics.mae&filter=${encodeURIComponent("params.depth IN ('1', '2')")}`);
  await page.getByRole('button', { name: 'Group', exact: true }).click();
  await page.getByRole('checkbox', { name: 'depth' }).click();
  await page.keyboard.press('Escape');
  await shows(page, '2 groups of 44 runs');
  await eventually(() => assert.equal(search(page, 'group'), 'params.depth'));
  const group = page.locator('[role=row]').filter({ hasText: 'depth 1' });
  // Trials 1, 13, … 253 have depth 1, and their mae is 30 − i / 20.
  await eventually(async () => {
    assert.match(await group.locator('[role=cell]').nth(2).innerText(), /^23\.65$/);
    assert.match(await group.locator('[role=cell] [title^=mean]').getAttribute('title'), /from 17\.35 to 29\.95, in 22 of 22 runs/);
  });
  await page.getByRole('group', { name: 'What groups show' }).getByRole('button', { name: 'least' }).click();
  await eventually(async () => assert.equal(await group.locator('[role=cell]').nth(2).innerText(), '17.35'));
  await eventually(() => assert.equal(search(page, 'agg'), 'min'));
  await group.getByRole('button', { name: 'Show the runs of depth: 1' }).click();
  await page.getByRole('link', { name: 'trial-253' }).waitFor();
  await page.getByRole('columnheader', { name: 'mae' }).getByRole('button', { name: 'mae', exact: true }).click();
  await eventually(async () => assert.match(await page.locator('[role=row]').nth(1).innerText(), /depth\s[12]/));
  await page.waitForURL(/open=/);
  await page.reload();
  await shows(page, '2 groups of 44 runs');
  await page.getByRole('link', { name: 'trial-253' }).waitFor();
  await group.getByRole('button', { name: 'Hide the runs of depth: 1' }).click();
  await page.waitForURL((url) => !url.searchParams.has('open'));
  await go(page, `/experiments/${await many()}?group=params.depth&open=${encodeURIComponent('nonsense,["a"%2C"b"],[7]')}`);
  await shows(page, '12 groups of 260 runs');
});

test('a group of many runs shows some, and more when asked', async (page) => {
  await go(page, `/experiments/${await many()}?group=author`);
  await page.locator('[role=row] [role=cell] button[aria-expanded]').first().click();
  await page.getByRole('link', { name: 'trial-259' }).waitFor();
  await page.getByRole('table', { name: 'Runs' }).hover();
  const more = page.getByRole('button', { name: 'Show more of this group (50 of 260)' });
  await eventually(async () => {
    await page.mouse.wheel(0, 400);
    assert.ok(await more.count() > 0);
  });
  await more.click();
  await eventually(async () => assert.equal(await more.count(), 0));
});

test('runs are sorted by several columns with Shift', async (page) => {
  await go(page, `/experiments/${await many()}?cols=params.depth,metrics.mae`);
  const head = (name) => page.getByRole('columnheader', { name }).getByRole('button', { name, exact: false }).first();
  await head('depth').click();
  await page.waitForURL(/sort=params\.depth/);
  await head('mae').click({ modifiers: ['Shift'] });
  await eventually(async () => assert.equal(search(page, 'sort'), 'params.depth,-metrics.mae'));
  await eventually(async () => assert.deepEqual((await names(page)).slice(0, 3), ['trial-000', 'trial-012', 'trial-024']));
  await head('mae').click({ modifiers: ['Shift'] });
  await eventually(async () => assert.deepEqual((await names(page)).slice(0, 2), ['trial-252', 'trial-240']));
});

test('runs are sorted by how long they took, those that go on last', async (page) => {
  const experiment = `${world.experiment}-durations`;
  const start = Date.now() - 3_600_000;
  let id;
  for (const [name, took] of [['short', 1_000], ['endless', null], ['long', 600_000], ['middling', 60_000]]) {
    const run = await world.api.startRun({ experiment, name, startedAt: start });
    if (took !== null) await world.api.finish(run, 'finished', start + took);
    id = run.experimentId;
  }
  await go(page, `/experiments/${id}?tree=flat`);
  const head = page.getByRole('columnheader', { name: 'Duration' }).getByRole('button', { name: 'Duration', exact: true });
  await head.click();
  await page.waitForURL(/sort=-duration/);
  await eventually(async () => assert.deepEqual(await names(page), ['long', 'middling', 'short', 'endless']));
  await head.click();
  await eventually(async () => assert.deepEqual(await names(page), ['short', 'middling', 'long', 'endless']));
  await page.keyboard.press('/');
  await page.keyboard.type('duration >= 60000');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.deepEqual(await names(page), ['middling', 'long']));
});

test('columns are moved by key and by dragging, pinned, and resized', async (page) => {
  await go(page, `/experiments/${await many()}?cols=author,params.depth,metrics.mae`);
  await eventually(async () => assert.deepEqual(await heads(page), ['Name', 'Author', 'depth', 'mae']));
  await page.getByRole('columnheader', { name: 'mae' }).getByRole('button', { name: 'mae', exact: true }).focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await eventually(async () => assert.deepEqual(await heads(page), ['Name', 'Author', 'mae', 'depth']));
  await page.getByRole('columnheader', { name: 'depth' }).dragTo(page.getByRole('columnheader', { name: 'Author' }), { targetPosition: { x: 5, y: 18 } });
  await eventually(async () => assert.deepEqual(await heads(page), ['Name', 'depth', 'Author', 'mae']));
  await page.getByRole('columnheader', { name: 'mae' }).hover();
  await page.getByRole('button', { name: 'Column mae' }).click();
  await page.getByRole('menuitem', { name: 'Pin beside the name' }).click();
  await eventually(async () => assert.deepEqual(await heads(page), ['Name', 'mae', 'depth', 'Author']));
  await eventually(() => assert.equal(search(page, 'pins'), '1'));
  const edge = page.getByRole('columnheader', { name: 'Author' }).locator('[class*=edge]');
  const box = await place(edge);
  await page.mouse.move(box.x + 4, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 84, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await eventually(async () => assert.equal(search(page, 'w'), 'author:220'));
  await page.reload();
  await eventually(async () => assert.deepEqual(await heads(page), ['Name', 'mae', 'depth', 'Author']));
  await eventually(async () => assert.equal(Math.round((await page.getByRole('columnheader', { name: 'Author' }).boundingBox()).width), 220));
});

test('a view is saved for everybody, opened, and deleted with a way back', async (page) => {
  await go(page, at('?cols=author&sort=name'));
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('textbox', { name: 'Name of a new view' }).fill('by name / short');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'View: by name / short' }).waitFor();
  await go(page, at());
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'by name / short', exact: true }).click();
  await page.waitForURL(/sort=name/);
  await eventually(async () => assert.deepEqual(await heads(page), ['Name', 'Author']));
  await page.getByRole('button', { name: 'View: by name / short' }).click();
  await page.getByRole('button', { name: 'Delete by name / short' }).click();
  await page.getByText('View “by name / short” deleted').waitFor();
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'View: by name / short' }).waitFor();
});

test('the filter is written with what it offers: key, operator, value', async (page) => {
  await go(page, at('?tree=flat'));
  await page.keyboard.press('/');
  await page.keyboard.type('max_d');
  await page.getByRole('option', { name: 'params.`model.max_depth`' }).or(page.getByRole('option', { name: /model\.max_depth/ })).first().waitFor();
  await page.keyboard.press('Tab');
  await page.getByRole('option', { name: 'LIKE', exact: false }).first().waitFor();
  await page.keyboard.type('=');
  await page.getByRole('option', { name: /^12/ }).click();
  await eventually(async () => assert.match(await page.getByRole('combobox', { name: 'Filter runs' }).inputValue(), /model\.max_depth.* ='12' $/));
  await page.keyboard.press('Enter');
  await eventually(async () => assert.deepEqual(await names(page), ['train_random_forest', 'train_random_forest']));
  assert.match(search(page, 'filter'), /max_depth.* ='12'$/);
});

test('what is typed right after an offer was taken stands behind it, however late the next frame comes', async (page) => {
  await go(page, at('?tree=flat'));
  await page.keyboard.press('/');
  await page.keyboard.type('max_d');
  await page.getByRole('option', { name: /model\.max_depth/ }).first().waitFor();
  await page.evaluate(() => (window.requestAnimationFrame = (act) => setTimeout(act, 600)));
  await page.keyboard.press('Tab');
  await page.keyboard.type("= '12'", { delay: 250 });
  assert.match(await page.getByRole('combobox', { name: 'Filter runs' }).inputValue(), /^params\.`model\.max_depth` = '12'$/);
});

test('the filter tells the range of a metric', async (page) => {
  await go(page, at());
  await page.keyboard.press('/');
  await page.keyboard.type('metrics.log_loss > ');
  await page.getByRole('listbox', { name: 'What could come next' }).getByText(/from 0\.22 to 0\.44, in \d+ runs/).waitFor();
});

test('runs are chosen by key, deleted together, and come back by Undo', async (page) => {
  const start = (name, ago) => world.api.startRun({ experiment: `${world.experiment}-bulk`, name, startedAt: Date.now() - ago });
  const { id } = await start('one', 3_000);
  await start('two', 2_000);
  const third = await start('three', 1_000);
  await go(page, `/experiments/${third.experimentId}`);
  await page.getByRole('link', { name: 'one' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('2 chosen').waitFor();
  await eventually(() => assert.equal(search(page, 'sel').split(',').length, 2));
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 runs deleted').waitFor();
  await eventually(async () => assert.deepEqual(await names(page), ['one']));
  await page.keyboard.press('z');
  await page.getByText('Undone').waitFor();
  await eventually(async () => assert.equal((await names(page)).length, 3));
  assert.ok(id);
});

test('rows stay where they are while runs are chosen, and the last one is not covered', async (page) => {
  await go(page, `/experiments/${await many()}?tree=flat`);
  const row = page.locator('[role=row]').filter({ hasText: 'trial-258' });
  await row.waitFor();
  const before = await place(row);
  await row.getByRole('checkbox').click();
  const bar = page.getByRole('region', { name: 'Chosen runs' });
  await bar.waitFor();
  assert.deepEqual(await place(row), before);
  const table = page.getByRole('table', { name: 'Runs' });
  const last = page.locator('[role=row]').filter({ hasText: 'trial-000' });
  await eventually(async () => {
    await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    // The rows between are fetched while one scrolls.
    assert.equal(await last.count(), 1);
    const [end, top] = [await last.boundingBox(), (await bar.boundingBox()).y];
    assert.ok(end.y + end.height <= top, 'the bar covers the last row');
  });
});

test('deleted runs are found in the bin and restored', async (page) => {
  const run = await world.api.startRun({ experiment: `${world.experiment}-bin`, name: 'thrown away' });
  await fetch(`${world.base}/api/v1/runs/${run.id}`, { method: 'DELETE' });
  await go(page, `/experiments/${run.experimentId}`);
  await page.getByRole('button', { name: 'Which runs: Active' }).click();
  await page.getByRole('menuitem', { name: 'Deleted' }).click();
  await page.waitForURL(/state=deleted/);
  await page.getByRole('checkbox', { name: 'Choose thrown away' }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByText('1 run restored').waitFor();
  await shows(page, 'No run matches');
});

test('runs are tagged and archived', async (page) => {
  const run = await world.api.startRun({ experiment: `${world.experiment}-archive`, name: 'old' });
  await world.api.startRun({ experiment: `${world.experiment}-archive`, name: 'new' });
  await go(page, `/experiments/${run.experimentId}?cols=tags.team`);
  await page.getByRole('checkbox', { name: 'Choose old' }).click();
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByRole('textbox', { name: 'Tag' }).fill('team');
  await page.getByRole('textbox', { name: 'Value' }).fill('vision');
  await page.getByRole('button', { name: 'Set' }).click();
  await page.getByText('Tag “team” set on 1 run').waitFor();
  await page.locator('[role=row]').filter({ hasText: 'old' }).getByText('vision').waitFor();
  await page.getByRole('checkbox', { name: 'Choose old' }).click();
  await page.getByRole('button', { name: 'Archive' }).click();
  await eventually(async () => assert.deepEqual(await names(page), ['new']));
  await page.getByRole('button', { name: 'Which runs: Active' }).click();
  await page.getByRole('menuitem', { name: 'Archived' }).click();
  await eventually(async () => assert.deepEqual(await names(page), ['old']));
  await page.getByRole('checkbox', { name: 'Choose old' }).click();
  await page.getByRole('button', { name: 'Unarchive' }).click();
  await shows(page, 'No run matches');
});

test('all runs that match are changed, also those that are not loaded', async (page) => {
  const id = await many();
  await go(page, `/experiments/${id}`);
  await page.getByRole('checkbox', { name: 'Choose all runs that are loaded' }).click();
  await page.getByRole('button', { name: 'Choose all that match, also those not loaded' }).click();
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByRole('textbox', { name: 'Tag' }).fill('seen');
  await page.getByRole('button', { name: 'Set' }).click();
  await page.getByText('Tag “seen” set on 260 runs').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone').waitFor();
});

test('a run is hidden from the charts by its colour, and the address keeps it', async (page) => {
  await go(page, at('?tree=flat&filter=RANDOM_forest'));
  const eye = page.getByRole('button', { name: 'train_random_forest in charts' }).first();
  await eye.click();
  await page.waitForURL(/hide=[0-9a-f]{32}/);
  await eventually(async () => assert.equal(await eye.getAttribute('aria-pressed'), 'false'));
  await page.reload();
  await eventually(async () => assert.equal(await eye.getAttribute('aria-pressed'), 'false'));
  await page.getByRole('button', { name: 'All runs in charts' }).click();
  await page.waitForURL((url) => !url.searchParams.has('hide'));
});

test('"c" leads to the comparison of the chosen runs', async (page) => {
  const [a, b] = [world.first.train.id, world.second.train.id];
  await go(page, at(`?sel=${a},${b}`));
  await page.getByText('2 chosen').waitFor();
  await page.keyboard.press('c');
  await page.waitForURL(/\/compare\?runs=/);
  assert.deepEqual(search(page, 'runs').split(','), [a, b]);
  await page.getByRole('rowheader').first().waitFor();
});

test('the keys work on right after runs were chosen with the mouse', async (page) => {
  await go(page, `/experiments/${await many()}?tree=flat`);
  await page.getByRole('checkbox', { name: 'Choose trial-259' }).click();
  await page.getByRole('checkbox', { name: 'Choose trial-257' }).click();
  await page.getByText('2 chosen').waitFor();
  await page.keyboard.press('j');
  await page.locator('[role=row][aria-current]').getByRole('link', { name: 'trial-256' }).waitFor();
  await page.keyboard.press('c');
  await page.waitForURL(/\/compare\?runs=/);
  await page.goBack();
  await page.getByText('2 chosen').waitFor();
});

test('the keys go on where they were after a run was opened and left again', async (page) => {
  await go(page, `/experiments/${await many()}?tree=flat`);
  await page.getByRole('link', { name: 'trial-259' }).waitFor();
  for (let i = 0; i < 4; i++) await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/runs\//);
  await page.getByRole('heading', { name: 'trial-256', level: 1 }).waitFor();
  await page.goBack();
  const current = (name) => page.locator('[role=row][aria-current]').getByRole('link', { name }).waitFor();
  await current('trial-256');
  await page.keyboard.press('j');
  await current('trial-255');
});

test('groups of two keys can be told apart on a phone', async (page) => {
  await go(page, `/experiments/${await many()}?group=params.depth,author&cols=metrics.mae`);
  await shows(page, '12 groups of 260 runs');
  await page.locator('[class*=groupName] > span > span').first().waitFor();
  const cut = () => page.locator('[class*=groupName] > span > span').evaluateAll((all) => all.filter((one) => one.clientWidth === 0 || one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent));
  await eventually(async () => assert.deepEqual(await cut(), []), 15_000);
}, { viewport: { width: 390, height: 844 } });

test('a click with Alt on a value shows only the runs that have it', async (page) => {
  await go(page, `/experiments/${await many()}?cols=params.depth`);
  await page.getByRole('link', { name: 'trial-259' }).waitFor();
  await page.locator('[role=row]').filter({ hasText: 'trial-258' }).locator('[role=cell]').nth(2).click({ modifiers: ['Alt'] });
  await page.waitForURL(/filter=params\.depth/);
  await eventually(async () => assert.deepEqual((await names(page)).slice(0, 2), ['trial-258', 'trial-246']));
  await eventually(() => assert.equal(search(page, 'filter'), 'params.depth = 6'));
});
