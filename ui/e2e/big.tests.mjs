// A reader's flows on the big store; every figure is held against what was read of the store (big.data.mjs).
import assert from 'node:assert/strict';
import { ask, eventually, go, heading, inAddress, shows, test, world } from './harness.mjs';
import { testMs } from './patience.mjs';

const thousands = (n) => String(n).replaceAll(/\B(?=(\d{3})+$)/g, '\u202f');
const written = (value) => String(Number(value.toPrecision(6))).replace('-', '−');
const table = (query = '') => `/experiments/${world.id}${query}`;
const names = (page) => page.locator('[role=rowgroup] [role=row] [role=cell]:nth-child(2) a').allInnerTexts();
const filter = (text) => `filter=${encodeURIComponent(text)}`;
const chart = (page, key) => page.locator(`section[aria-label="${key}"]`).last();
const by = (key) => (a, b) => b.metrics[key] - a.metrics[key];

test('table: the newest runs stand first, few rows are drawn, and scrolling leads to the very last of 20,000', async (page) => {
  await go(page, table('?tree=flat'));
  await page.getByRole('link', { name: 'ten-million' }).waitFor();
  const newest = [...world.runs].sort((a, b) => b.run.startedAt - a.run.startedAt).slice(0, 10).map(({ run }) => run.name);
  await eventually(async () => assert.deepEqual((await names(page)).slice(0, 10), newest));
  const rows = page.getByRole('table', { name: 'Runs' });
  const last = page.getByRole('link', { name: 'trial-00001', exact: true });
  const until = Date.now() + testMs;
  while ((await last.count()) === 0 && Date.now() < until) {
    await rows.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForTimeout(20);
  }
  await last.waitFor();
  await shows(page, `${thousands(20_000)} runs`, '[role=status]');
  await eventually(async () => assert.equal(await rows.getAttribute('aria-rowcount'), '20001'));
  assert.ok(await page.locator('[role=row]').count() < 120);
  await last.click();
  await heading(page, 'trial-00001');
}, { timeout: 2 * testMs });

test('table: sorted by a metric and then by another, the best of all 20,000 lead', async (page) => {
  await go(page, table('?tree=flat&cols=metrics.val/accuracy,params.depth'));
  await page.getByRole('columnheader', { name: 'val/accuracy' }).getByRole('button', { name: 'val/accuracy', exact: true }).click();
  await page.waitForURL(/sort=-metrics/);
  const best = world.runs.filter(({ metrics }) => 'val/accuracy' in metrics).sort(by('val/accuracy')).slice(0, 12);
  await eventually(async () => assert.deepEqual((await names(page)).slice(0, 12), best.map(({ run }) => run.name)));
  await eventually(async () => assert.deepEqual((await page.locator('[role=rowgroup] [role=row] [role=cell]:nth-child(3)').allInnerTexts()).slice(0, 12), best.map(({ metrics }) => written(metrics['val/accuracy']))));
  await go(page, table(`?tree=flat&cols=params.depth,metrics.val/accuracy&sort=${encodeURIComponent('params.depth,-metrics.val/accuracy')}`));
  const shallow = world.runs.filter(({ params }) => params.depth === 2).sort(by('val/accuracy')).slice(0, 12);
  await eventually(async () => assert.deepEqual((await names(page)).slice(0, 12), shallow.map(({ run }) => run.name)));
});

test('table: groups of all 20,000 runs with their means, least and greatest', async (page) => {
  await go(page, table('?group=params.optimizer&cols=metrics.val/accuracy'));
  const groups = new Map();
  for (const row of world.runs) {
    const key = row.params.optimizer ?? null;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  await shows(page, `${groups.size} groups of ${thousands(20_000)} runs`, '[role=status]');
  for (const optimizer of ['adam', 'sgd', 'lion']) {
    const values = groups.get(optimizer).map(({ metrics }) => metrics['val/accuracy']);
    const row = page.locator('[role=row]').filter({ hasText: `optimizer ${optimizer}` });
    const told = await row.locator('[role=cell] [title^=mean]').getAttribute('title');
    assert.match(told, new RegExp(`in ${values.length} of ${values.length} runs`));
    assert.ok(told.includes(`from ${written(Math.min(...values))} to ${written(Math.max(...values))}`), `${told}: ${Math.min(...values)} ${Math.max(...values)}`);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    assert.ok(Math.abs(Number(await row.locator('[role=cell]').nth(2).innerText()) - mean) < 1e-5);
  }
});

test('table: a filter in the grammar finds exactly the runs that hold it', async (page) => {
  const text = "metrics.`val/accuracy` > 0.9 AND params.optimizer = 'lion' AND tags.team = 'vision'";
  const expected = world.runs.filter(({ metrics, params, tags }) => metrics['val/accuracy'] > 0.9 && params.optimizer === 'lion' && tags.team === 'vision');
  assert.ok(expected.length > 20 && expected.length < 2_000, `${expected.length}`);
  await go(page, table('?tree=flat'));
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  // Without Escape before: it closes what is offered, or, where nothing is offered yet, takes back what was typed.
  await page.keyboard.press('Enter');
  await page.waitForURL(/filter=/);
  await go(page, table(`?group=author&${filter(text)}`));
  await shows(page, `of ${thousands(expected.length)} runs`, '[role=status]');
});

test('table: the picker knows every key of all runs, also of those that are not loaded', async (page) => {
  await go(page, table('?tree=flat'));
  await page.getByRole('button', { name: 'Columns' }).click();
  const find = page.getByRole('searchbox', { name: 'Find a column' }).or(page.getByRole('textbox', { name: 'Find a column' }));
  for (const key of ['train/grad_norm', 'speed/step_ms', 'signal', 'points', 'optimizer', 'team']) {
    await find.fill(key);
    await page.getByRole('checkbox', { name: new RegExp(`^${key}( \\d+)?$`) }).waitFor();
  }
});

test('table: all 20,000 are chosen at once, and 200 by name at most', async (page) => {
  await go(page, table('?tree=flat'));
  await page.getByRole('link', { name: 'ten-million' }).waitFor();
  await page.getByRole('checkbox', { name: 'Choose all runs that are loaded' }).click();
  const all = page.getByRole('button', { name: 'Choose all that match, also those not loaded' });
  await eventually(async () => assert.ok((await all.count()) > 0 || inAddress(page, 'sel') === 'all'));
  if (await all.count()) await all.click();
  await eventually(() => assert.equal(inAddress(page, 'sel'), 'all'));
  await page.keyboard.press('Escape');
});

test('workspace: 100 runs in 12 charts, every line and every point of them counted, zoomed to raw points', async (page) => {
  await go(page, `/experiments/${world.id}/charts?n=100&${filter("params.sweep = 'yes'")}`);
  const keys = Object.keys(world.runs.find(({ params }) => params.sweep === 'yes').metrics);
  assert.equal(keys.length, 12);
  for (const key of keys) {
    await chart(page, key).scrollIntoViewIfNeeded();
    await chart(page, key).getByText(`100 lines, ${thousands(200_000)} points`, { exact: true }).waitFor();
  }
  await go(page, `/experiments/${world.id}/charts?n=100&${filter("params.sweep = 'yes'")}&from=100&to=119`);
  await chart(page, 'val/loss').scrollIntoViewIfNeeded();
  await chart(page, 'val/loss').getByText(`100 lines, ${thousands(2_000)} points in this range`, { exact: true }).waitFor();
});

test('workspace: 1,000 runs are drawn, grouped and hidden', async (page) => {
  await go(page, `/experiments/${world.id}/charts?n=1000&${filter("params.wide = 'yes'")}&q=val/`);
  const points = 100 * 2_000 + 900 * 200;
  for (const key of ['val/loss', 'val/auc']) await chart(page, key).getByText(`${thousands(1_000)} lines, ${thousands(points)} points`, { exact: true }).waitFor();
  await page.getByLabel('Group by').selectOption('params.optimizer');
  await chart(page, 'val/loss').getByText(`3 lines, ${thousands(points)} points`, { exact: true }).waitFor();
});

test('compare: twenty runs of 20,000 side by side, each figure the run’s own', async (page) => {
  const some = world.runs.filter(({ params }) => params.sweep === 'yes').slice(0, 20);
  await go(page, `/compare?runs=${some.map(({ run }) => run.id).join(',')}`);
  await heading(page, 'Compare 20 runs');
  await eventually(async () => {
    const row = await page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'val/auc', exact: true }) }).first().innerText();
    for (const { metrics } of some) assert.ok(row.includes(written(metrics['val/auc'])), `${metrics['val/auc']} in ${row}`);
  });
});

test('lineage: 2,000 nodes are laid out, few boxes are made, one is found and opened', async (page) => {
  await go(page, `/artifacts/${world.lineageId}/data-0510/lineage?depth=100`);
  await shows(page, `${thousands(1_000)} versions, ${thousands(1_000)} runs`);
  const graph = page.getByRole('group', { name: 'Lineage graph' });
  await eventually(async () => assert.match(await graph.getAttribute('aria-description'), /^2\u202f000 nodes/));
  assert.ok(await graph.getByRole('link').count() < 250);
  await page.getByRole('searchbox', { name: /Find runs and versions/ }).fill('data-0999');
  await page.keyboard.press('Enter');
  await graph.getByRole('link', { name: /data-0999:v0/ }).click();
  await heading(page, 'data-0999');
});

test('palette: one of 20,000 runs is found by its name and by its id', async (page) => {
  await go(page, '/');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('trial-04711');
  await page.getByRole('option', { name: /trial-04711/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await heading(page, 'trial-04711');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type(world.long.id.slice(0, 12));
  await page.getByRole('option', { name: /ten-million/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await heading(page, 'ten-million');
});

test('home and lists: 20,000 runs are counted, 1,000 artifacts listed and searched', async (page) => {
  await go(page, '/');
  const row = page.locator('tbody tr').filter({ has: page.getByRole('link', { name: 'big', exact: true }) });
  await eventually(async () => assert.equal((await row.locator('td').allInnerTexts())[1], thousands(20_000)));
  await go(page, '/artifacts?q=data-0777');
  await page.getByRole('link', { name: 'data-0777' }).waitFor();
  const { artifacts } = await ask(`/artifacts?experiment=${world.lineageId}`);
  assert.equal(artifacts.length, 1_000);
});
