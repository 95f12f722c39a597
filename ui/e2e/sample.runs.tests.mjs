// A reader's flows on the sample's runs: home, table, workspace, run, comparison. Every figure is held against the server's.
import assert from 'node:assert/strict';
import { ask, drawn, eventually, go, heading, inAddress, loaded, place, shows, test, world } from './harness.mjs';

const names = (page) => page.locator('[role=table] [role=row] [role=cell]:nth-child(2) a').allInnerTexts();
const table = (query = '') => `/experiments/${world.id}${query}`;
const trained = "attributes.job_type = 'train_random_forest'";
const judged = "attributes.job_type = 'evaluate'";
const chart = (page, key) => page.locator(`section[aria-label="${key}"]`).last();
/** A number as the pages write it. */
const written = (value) => String(Number(value.toPrecision(6)));
const short = (value) => Number(value.toPrecision(4));

test('home: the experiment with its runs, what failed with the check and its figures, who has prod', async (page) => {
  await go(page, '/');
  const row = page.locator('tbody tr').filter({ has: page.getByRole('link', { name: 'seattle-weather', exact: true }) });
  await eventually(async () => assert.equal((await row.locator('td').allInnerTexts())[1], String(world.runs.length)));
  await row.locator('svg').first().waitFor();
  const failed = page.locator('section', { has: page.getByRole('heading', { name: /Failed checks/ }) });
  await failed.getByText('731 rows, but the reference has 1096').first().waitFor();
  await failed.getByText('row_count').first().waitFor();
  await page.locator('aside').getByText('prod → v1 (was v0)').waitFor();
  await failed.getByRole('link', { name: 'check_data' }).first().click();
  await heading(page, 'check_data');
  await page.locator('main header').getByText('Failed', { exact: true }).waitFor();
});

test('home: a run that starts is told while the page is open', async (page) => {
  await go(page, '/');
  const run = await world.api.startRun({ experiment: 'seattle-live', name: 'drizzle', author: 'ada' });
  await page.locator('aside').getByRole('link', { name: 'drizzle' }).waitFor();
  await world.api.finish(run);
});

test('table: trainings are found by the grammar, with the area under the curve as the server has it, sorted by it', async (page) => {
  await go(page, table(`?filter=${encodeURIComponent(trained)}&cols=params.trees,metrics.cv_auc&tree=flat`));
  const head = page.getByRole('columnheader', { name: 'cv_auc' });
  await head.getByRole('button', { name: 'cv_auc', exact: true }).click();
  await page.waitForURL(/sort=-metrics\.cv_auc/);
  const { runs } = await ask(`/runs?experiment=${world.id}&filter=${encodeURIComponent(trained)}&orderBy=${encodeURIComponent('metrics.cv_auc DESC')}&limit=100`);
  const expected = runs.map(({ metrics }) => metrics.cv_auc).sort((a, b) => b - a);
  assert.ok(expected.length >= 5);
  await eventually(async () => {
    const cells = (await page.locator('[role=rowgroup] [role=row] [role=cell]:nth-child(4)').allInnerTexts()).map(Number);
    assert.deepEqual(cells.map(short), expected.map(short));
  });
});

test('table: grouped by kind of work, each group tells its runs and the mean of what they measured', async (page) => {
  await go(page, table('?cols=metrics.auc&group=jobType'));
  const rows = world.runs.filter(({ run, metrics }) => run.jobType === 'evaluate' && 'auc' in metrics);
  const mean = rows.reduce((sum, { metrics }) => sum + metrics.auc, 0) / rows.length;
  const group = page.locator('[role=row]').filter({ hasText: 'evaluate' });
  await group.first().waitFor();
  await eventually(async () => assert.equal(short(Number(await group.locator('[role=cell]').nth(2).innerText())), short(mean)));
  await group.getByRole('button', { name: /Show the runs of/ }).click();
  await eventually(async () => assert.equal(await page.getByRole('link', { name: /evaluate|-\d+$/ }).count() >= rows.length, true));
});

test('table: a column of a parameter is picked, moved, widened and kept as a view', async (page) => {
  await go(page, table(`?filter=${encodeURIComponent(trained)}&cols=author,metrics.cv_auc&tree=flat`));
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('searchbox', { name: 'Find a column' }).or(page.getByRole('textbox', { name: 'Find a column' })).fill('min_leaf');
  await page.getByRole('checkbox', { name: 'min_leaf' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader', { name: 'min_leaf' }).dragTo(page.getByRole('columnheader', { name: 'Author' }), { targetPosition: { x: 5, y: 18 } });
  await eventually(() => assert.match(inAddress(page, 'cols'), /^params\.min_leaf,author/));
  const edge = page.getByRole('columnheader', { name: 'Author' }).locator('[class*=edge]');
  const box = await place(edge);
  await page.mouse.move(box.x + 4, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 44, box.y + 10, { steps: 4 });
  await page.mouse.up();
  await eventually(() => assert.match(inAddress(page, 'w') ?? '', /author:\d+/));
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('textbox', { name: 'Name of a new view' }).fill('trainings');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'View: trainings' }).waitFor();
  await go(page, table());
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'trainings', exact: true }).click();
  await eventually(() => assert.match(inAddress(page, 'cols') ?? '', /^params\.min_leaf,author/));
});

test('keys: j, x, j, x, c lead from the table to the comparison of two trainings, ⌘K to a run', async (page) => {
  await go(page, table(`?filter=${encodeURIComponent(trained)}&tree=flat`));
  await page.locator('[role=rowgroup] [role=row]').first().waitFor();
  for (const key of ['j', 'x', 'j', 'x', 'k']) await page.keyboard.press(key);
  await page.getByText('2 chosen').waitFor();
  await eventually(async () => assert.equal(await page.locator('[role=row][aria-current]').getAttribute('aria-rowindex'), '2'));
  await page.keyboard.press('c');
  await heading(page, 'Compare 2 runs');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('check_data');
  await page.getByRole('option', { name: /check_data/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await heading(page, 'check_data');
});

test('filter: what completes a metric, its range, and what the server refuses', async (page) => {
  await go(page, table('?tree=flat'));
  await page.keyboard.press('/');
  await page.keyboard.type('metrics.auc > ');
  const values = world.runs.flatMap(({ metrics }) => ('auc' in metrics ? [metrics.auc] : []));
  await page.getByRole('listbox', { name: 'What could come next' }).getByText(new RegExp(`in ${values.length} runs`)).waitFor();
  await page.keyboard.type('0.79');
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal((await names(page)).length, values.filter((value) => value > 0.79).length));
});

test('bulk: runs of the sample are tagged, archived and brought back', async (page) => {
  await go(page, table(`?filter=${encodeURIComponent("attributes.job_type = 'download_data'")}&tree=flat&cols=tags.reviewed`));
  const before = (await eventually(async () => { const all = await names(page); assert.ok(all.length > 0); return all; })).length;
  await page.getByRole('checkbox', { name: /^Choose / }).nth(1).click();
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await page.getByRole('textbox', { name: 'Tag' }).fill('reviewed');
  await page.getByRole('textbox', { name: 'Value' }).fill('yes');
  await page.getByRole('button', { name: 'Set' }).click();
  await page.getByText('Tag “reviewed” set on 1 run').waitFor();
  await page.getByRole('checkbox', { name: /^Choose / }).nth(1).click();
  await page.getByRole('button', { name: 'Archive' }).click();
  await eventually(async () => assert.equal((await names(page)).length, before - 1));
  await page.keyboard.press('z');
  await eventually(async () => assert.equal((await names(page)).length, before));
});

test('workspace: the curves of all trainings, over trees, elapsed time and another metric, smoothed, grouped and zoomed', async (page) => {
  const { runs } = await ask(`/runs?experiment=${world.id}&filter=${encodeURIComponent(trained)}&limit=100`);
  // A point for each tree of each forest.
  const total = runs.reduce((sum, { params }) => sum + Number(params.trees), 0);
  await go(page, `/experiments/${world.id}/charts?filter=${encodeURIComponent(trained)}`);
  await chart(page, 'cv_auc').getByText(new RegExp(`^${runs.length} lines, ${total} points$`)).waitFor();
  await page.getByRole('button', { name: 'Elapsed' }).click();
  await chart(page, 'cv_auc').getByText('by elapsed').waitFor();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.getByRole('slider', { name: 'Smoothing' }).press('End');
  await page.waitForURL(/smooth=/);
  await page.getByLabel('Group by').selectOption('params.trees');
  await chart(page, 'cv_auc').getByText(/^2 lines/).waitFor();
  await page.getByLabel('Group by').selectOption('');
  await chart(page, 'cv_auc').getByText(new RegExp(`^${runs.length} lines`)).waitFor();
  await drawn(page);
  await chart(page, 'cv_auc').scrollIntoViewIfNeeded();
  const box = await place(chart(page, 'cv_auc').locator('.u-over'));
  await page.mouse.move(box.x + box.width * 0.1, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40, { steps: 4 });
  await page.mouse.up();
  await chart(page, 'cv_auc').getByText(/points in this range/).waitFor();
  await page.keyboard.press('z');
  await chart(page, 'cv_auc').getByText(new RegExp(`${total} points$`)).waitFor();
});

test('workspace: scatter, bars, parallel coordinates and importance of the sample; brushing an axis leaves out what it does not cover', async (page) => {
  const panels = encodeURIComponent('scatter:params.trees,metrics.cv_auc;bar:metrics.cv_auc;parallel:params.trees,metrics.cv_auc;importance:metrics.cv_auc');
  await go(page, `/experiments/${world.id}/charts?filter=${encodeURIComponent(trained)}&panels=${panels}`);
  const { runs } = await ask(`/runs?experiment=${world.id}&filter=${encodeURIComponent(trained)}&limit=100`);
  await page.getByRole('img', { name: `cv_auc against trees, ${runs.length} runs` }).waitFor();
  await shows(page, 'At least 8 runs with a value of cv_auc are needed.');
  const canvas = page.getByRole('img', { name: /^Parallel coordinates of trees, cv_auc/ });
  await canvas.scrollIntoViewIfNeeded();
  await drawn(page);
  const box = await place(canvas);
  // The lower end of the axis of trees: the training of 60 alone.
  await page.mouse.move(box.x + 46, box.y + 26 + (box.height - 38) * 0.8);
  await page.mouse.down();
  await page.mouse.move(box.x + 47, box.y + box.height - 8, { steps: 4 });
  await page.mouse.up();
  await shows(page, `1 run of ${runs.length} kept by trees`);
  await page.getByRole('button', { name: 'Choose these runs' }).click();
  await page.waitForURL(/sel=/);
  assert.equal(inAddress(page, 'sel'), runs.find(({ params }) => params.trees === '60' || params.trees === 60).run.id);
});

test('workspace: the pictures of several judgements stand side by side: ROC and confusion of each', async (page) => {
  await go(page, `/experiments/${world.id}/charts?filter=${encodeURIComponent(judged)}&q=roc`);
  const { runs } = await ask(`/runs?experiment=${world.id}&filter=${encodeURIComponent(judged)}&limit=100`);
  const card = page.locator('section', { has: page.getByRole('heading', { name: 'roc', exact: true, level: 2 }) }).last();
  await card.scrollIntoViewIfNeeded();
  await eventually(async () => assert.equal(await card.locator('img').count(), runs.length));
  await eventually(async () => assert.ok((await card.locator('img').evaluateAll((all) => all.map((img) => img.naturalWidth))).every((width) => width > 300)));
  await go(page, `/experiments/${world.id}/charts?filter=${encodeURIComponent(judged)}&q=confusion`);
  await page.locator('section img').first().waitFor();
});

test('run: who, what, from what and what came of it, its parameters against another training', async (page) => {
  const { chains: [, second], executions: [, fourth] } = world;
  const run = second.train_random_forest.run;
  await go(page, `/runs/${run.id}`);
  await eventually(async () => {
    const facts = await page.locator('dl').first().innerText();
    assert.match(facts, new RegExp(`Author\\s+\\S*\\s*${run.author}`));
    assert.match(facts, new RegExp(second.root.run.name));
  });
  await page.getByRole('link', { name: /^train_data\.csv:v1/ }).first().waitFor();
  await page.getByRole('link', { name: /^model_export:v1/ }).first().waitFor();
  await go(page, `/runs/${run.id}?vs=${fourth.train_random_forest.run.id}`);
  const compared = page.getByRole('region', { name: 'Parameters of both runs' });
  await eventually(async () => assert.ok((await compared.locator('tbody tr').allInnerTexts()).some((row) => /^trees\s+60\s+100$/.test(row.trim()))));
});

test('run: the curve of its training is drawn to its last point, its picture and its files are there', async (page) => {
  const { run } = world.chains[1].train_random_forest;
  const detail = await ask(`/runs/${run.id}`);
  await go(page, `/runs/${run.id}/charts`);
  await chart(page, 'cv_auc').getByText('100 points').waitFor();
  const last = detail.metrics.find(({ key }) => key === 'cv_auc').value;
  await eventually(async () => assert.ok(Math.abs(Number((await chart(page, 'cv_auc').locator('strong').first().innerText()).replace('−', '-')) - last) < 1e-3));
  await go(page, `/runs/${run.id}/media`);
  await eventually(async () => assert.ok(await page.getByRole('img', { name: /importance/i }).first().evaluate((image) => image.naturalWidth) > 300));
  await go(page, `/runs/${world.chains[1].evaluate.run.id}/files?path=predictions.csv`);
  await shows(page, /365 rows · \d+ columns/);
});

test('run: the log of a check is searched, one of its lines linked to, and its reasons are the server’s', async (page) => {
  const { run } = world.executions[2].check_data;
  await go(page, `/runs/${run.id}/logs`);
  const log = page.getByRole('log');
  await log.getByText(/row_count/).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('data went missing');
  await page.locator('main').getByText(/^[1-9]\d* match/).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/line=\d+/);
  await log.locator('mark', { hasText: 'data went missing' }).first().waitFor();
  await go(page, `/runs/${run.id}/files?path=checks.txt`);
  await page.locator('section[aria-label^="Preview"]').getByText(/row_count/).first().waitFor();
});

test('run: what it came from and what came of it, over the whole chain, walked by key', async (page) => {
  const { run } = world.chains[1].train_random_forest;
  await go(page, `/runs/${run.id}/lineage`);
  const graph = page.getByRole('group', { name: 'Lineage graph' });
  for (const name of [/raw_data\.csv:v1/, /clean_data\.csv:v1/, /train_data\.csv:v1/, /model_export:v1/]) await graph.getByRole('link', { name }).first().waitFor();
  await graph.getByRole('link', { name: /train_data\.csv:v1/ }).focus();
  await page.keyboard.press('ArrowRight');
  await eventually(async () => assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /train_random_forest|-\d+/));
});

test('run: code and machine are told, and how to run it again', async (page) => {
  const { run } = world.chains[1].train_random_forest;
  await go(page, `/runs/${run.id}/code`);
  await loaded(page);
  await shows(page, /cairn run .*train_random_forest/, 'section pre');
});

test('compare: three judgements side by side, the best of each metric, what differs, charts and code', async (page) => {
  const judges = world.chains.map(({ evaluate }) => evaluate);
  await go(page, `/compare?runs=${judges.map(({ run }) => run.id).join(',')}`);
  await heading(page, 'Compare 3 runs');
  await eventually(async () => {
    const auc = await page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'auc', exact: true }) }).first().innerText();
    for (const { metrics } of judges) assert.ok(auc.includes(written(metrics.auc)), `${metrics.auc} in ${auc}`);
  });
  await page.getByRole('button', { name: 'Charts' }).click();
  await chart(page, 'auc').getByText('3 runs').waitFor();
  await page.getByRole('button', { name: 'Code and packages' }).click();
  await page.waitForURL(/view=code/);
  await loaded(page);
});
