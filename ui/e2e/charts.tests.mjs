// The workspace of an experiment and the comparison of runs.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { drawn, eventually, go, heading, place, shows, test, world } from './harness.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const count = 12;
const steps = 400;
let made;

/** Twelve runs of a sweep: the higher the rate, the lower the loss; run 3 has a spike of one point. */
function sweep() {
  return (made ??= (async () => {
    const experiment = `${world.experiment}-charts`;
    const runs = [];
    for (let i = 0; i < count; i++) {
      const rate = 0.01 * (i + 1);
      const run = await world.api.startRun({ experiment, name: `sweep ${i}`, author: i % 2 ? 'ada' : 'grace', jobType: 'train', startedAt: Date.now() - 3_600_000 - i * 1000, params: { rate, optimizer: i % 2 ? 'adam' : 'sgd', seed: 7 }, tags: { 'mlflow.source.git.commit': `${'abcdef0123456789'.repeat(3).slice(i, i + 40)}` } });
      const points = [];
      for (let step = 0; step < steps; step++) {
        const loss = i === 3 && step === 201 ? 9 : 1 / (1 + step * rate) + i / 100;
        points.push({ key: 'train/loss', value: loss, step, time: Date.now() - 3_600_000 + step * 500 }, { key: 'train/epoch', value: step / 10, step }, { key: 'val/accuracy', value: 1 - loss, step });
      }
      points.push({ key: 'test/f1', value: 0.5 + i / 40, step: 0 });
      await world.api.update(run, { points });
      await world.api.putFile(run, 'requirements.txt', `numpy==1.${i}\npandas==2\n`);
      if (i === 1) await world.api.putFile(run, 'cairn/uncommitted.patch', '--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-a\n+b\n');
      await world.api.finish(run);
      runs.push(run);
    }
    return { id: runs[0].experimentId, runs };
  })());
}

const chart = (page, key) => page.locator(`section[aria-label="${key}"]`).last();
const ready = async (page, key, text) => chart(page, key).getByText(text).waitFor();
const search = (page) => Object.fromEntries(new URL(page.url()).searchParams);

/** Waits until the canvas has the size of its place, and so knows what is where on it. */
const painted = (canvas) => eventually(async () => assert.ok(await canvas.evaluate((one) => one.width > 0 && one.width === Math.round(one.clientWidth * devicePixelRatio) && one.width !== 300)));

async function open(page, query = '') {
  const { id, runs } = await sweep();
  await go(page, `/experiments/${id}/charts${query}`);
  return { id, runs };
}

test('the workspace draws every metric of the runs, in sections that fold, and the fold is in the address', async (page) => {
  await open(page);
  await ready(page, 'train/loss', /12 lines, 4.800 points/);
  await chart(page, 'test/f1').getByText('12 runs').waitFor();
  const section = page.getByRole('button', { name: /^train/ });
  await section.click();
  await page.waitForURL(/closed=train/);
  await page.locator('section[aria-label="train/loss"]').waitFor({ state: 'detached' });
  await page.reload();
  await ready(page, 'val/accuracy', /12 lines/);
  await eventually(async () => assert.equal(await section.getAttribute('aria-expanded'), 'false'));
  assert.equal(await page.locator('section[aria-label="train/loss"]').count(), 0);
});

test('a run is hidden from the charts by its mark, and shown again', async (page) => {
  const { runs } = await open(page);
  await ready(page, 'train/loss', /12 lines/);
  await page.getByRole('button', { name: 'Draw sweep 3', exact: true }).click();
  await ready(page, 'train/loss', /11 lines, 4.400 points/);
  assert.equal(search(page).hide, runs[3].id);
  await page.getByRole('button', { name: 'Draw sweep 3', exact: true }).click();
  await ready(page, 'train/loss', /12 lines/);
  await page.getByRole('button', { name: 'Draw all runs' }).click();
  await ready(page, 'train/loss', /no points/);
});

test('chosen runs alone are drawn, wherever in the table they stand', async (page) => {
  const { runs } = await sweep();
  await open(page, `?n=2&sel=${runs[0].id},${runs[11].id}`);
  await shows(page, '2 chosen runs', 'aside');
  await ready(page, 'train/loss', /2 lines, 800 points/);
  await page.getByRole('button', { name: 'Choose no run' }).click();
  await page.waitForURL((url) => !url.searchParams.has('sel'));
  await shows(page, 'of 12 runs', 'aside');
});

test('runs without a line stand as whole bars, and only those that are there take room', async (page) => {
  await open(page);
  const f1 = chart(page, 'test/f1');
  await f1.getByText('12 runs, the greatest 7 seen: scroll for more').waitFor();
  const bars = f1.getByRole('group', { name: 'test/f1' });
  await eventually(async () => {
    const { height } = await bars.boundingBox();
    assert.equal((height - 2) % 24, 0, `${height} pixels hold no whole number of bars`);
  });
  await open(page, '?n=2');
  await f1.getByText('2 runs', { exact: true }).waitFor();
  await eventually(async () => assert.ok((await f1.boundingBox()).height < 130, 'two bars take the room of a chart'));
});

test('a metric of one value takes no more room than its number', async (page) => {
  const { runs } = await sweep();
  await go(page, `/runs/${runs[2].id}/charts`);
  await chart(page, 'test/f1').getByText('0.55').waitFor();
  await ready(page, 'train/loss', /400 points/);
  await eventually(async () => assert.ok((await chart(page, 'test/f1').boundingBox()).height < 100));
  await eventually(async () => assert.ok((await chart(page, 'train/loss').boundingBox()).height > 200));
  // On the overview the list of numbers says it already.
  await go(page, `/runs/${runs[2].id}`);
  await ready(page, 'train/loss', /400 points/);
  await eventually(async () => assert.equal(await page.locator('section[aria-label="test/f1"]:visible').count(), 0));
});

test('the charts are filtered where the table is, and say of how many runs they tell', async (page) => {
  await open(page);
  await page.getByRole('option', { name: 'All 12 runs' }).waitFor({ state: 'attached' });
  await page.keyboard.press('/');
  await page.keyboard.type("params.optimizer = 'adam'");
  await page.keyboard.press('Enter');
  await page.waitForURL(/filter=params.optimizer/);
  await ready(page, 'train/loss', /6 lines/);
  await page.getByRole('option', { name: 'All 6 runs' }).waitFor({ state: 'attached' });
  await page.goto(page.url().replace('adam', 'none'));
  await shows(page, 'No run matches the filter');
  await page.getByRole('button', { name: 'Clear the filter' }).last().click();
  await ready(page, 'train/loss', /12 lines/);
});

test('the vertical scale is set, an end of the horizontal one may stay open, and both are in the address', async (page) => {
  await open(page);
  await ready(page, 'train/loss', /12 lines/);
  await page.getByRole('button', { name: 'Axes and scales' }).click();
  await page.getByLabel('Vertical axis to').fill('0.5');
  await page.waitForURL(/high=0.5/);
  await page.getByLabel('Horizontal axis from').fill('350');
  await page.waitForURL(/from=350/);
  await page.keyboard.press('Escape');
  await ready(page, 'train/loss', '12 lines, 600 points in this range');
  await page.goto(page.url());
  await ready(page, 'train/loss', '12 lines, 600 points in this range');
  await page.getByRole('button', { name: /vertical to 0.5: reset/ }).click();
  await page.waitForURL((url) => !url.searchParams.has('high') && url.searchParams.has('from'));
});

test('a drag zooms all charts to raw points, and a double click leads back', async (page) => {
  await open(page);
  await ready(page, 'train/loss', /12 lines/);
  await drawn(page);
  await chart(page, 'train/loss').scrollIntoViewIfNeeded();
  await drawn(page);
  const box = await place(chart(page, 'train/loss').locator('.u-over'));
  await page.mouse.move(box.x + box.width * 0.25, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+&to=\d+/);
  const { from, to } = search(page);
  await ready(page, 'train/loss', new RegExp(`12 lines, ${((Number(to) - Number(from) + 1) * 12).toString().replace(/\B(?=(\d{3})+$)/, '.')} points in this range`));
  await ready(page, 'val/accuracy', /points in this range/);
  await chart(page, 'train/loss').locator('.u-over').dblclick();
  await page.waitForURL((url) => !url.searchParams.has('from'));
});

test('the axis can be elapsed time or another metric, scales logarithmic, lines smoothed', async (page) => {
  await open(page, '?x=metric:train/epoch&scale=log&smooth=0.8');
  await ready(page, 'train/loss', 'by train/epoch');
  await ready(page, 'train/loss', /12 lines/);
  await page.getByRole('button', { name: 'Elapsed' }).click();
  await page.waitForURL(/x=relative/);
  await ready(page, 'train/loss', 'by elapsed');
  await ready(page, 'train/loss', /12 lines/);
  await page.getByRole('slider', { name: 'Smoothing' }).press('Home');
  await page.waitForURL((url) => !url.searchParams.has('smooth'));
  await page.getByRole('button', { name: 'Axes and scales' }).click();
  assert.ok(await page.getByLabel('Logarithmic vertical scale').isChecked());
  await page.getByLabel('Ignore outliers in the vertical scale').check();
  await page.waitForURL(/outliers=hide/);
  await page.getByLabel('Horizontal axis from').fill('10');
  await page.getByLabel('Horizontal axis to').fill('20');
  await page.waitForURL(/from=10&to=20/);
});

test('grouped runs become their mean', async (page) => {
  await open(page);
  await ready(page, 'train/loss', /12 lines/);
  await page.getByLabel('Group by').selectOption('params.optimizer');
  await page.waitForURL(/group=params.optimizer/);
  await ready(page, 'train/loss', /2 lines/);
});

test('the box beside the cursor names the lines, and the run under it leads the list', async (page) => {
  await open(page);
  await ready(page, 'train/loss', /12 lines/);
  await drawn(page);
  await chart(page, 'train/loss').scrollIntoViewIfNeeded();
  // A chart that is drawn anew takes the box away until the pointer moves on.
  await eventually(async () => {
    const box = await place(chart(page, 'train/loss').locator('.u-over'));
    await page.mouse.move(box.x + box.width / 2 - 1, box.y + box.height - 31);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 30);
    for (const said of [/^step 2\d\d|^step 199/, /^sweep \d+$/, 'and 4 more']) await chart(page, 'train/loss').getByText(said).first().waitFor({ timeout: 3_000 });
  });
});

test('panels are added: scatter, bars, parallel coordinates and importance, and they are in the address', async (page) => {
  await open(page);
  await ready(page, 'train/loss', /12 lines/);
  const add = async (kind) => {
    await page.getByRole('button', { name: 'Add panel' }).click();
    await page.getByLabel('Kind').selectOption(kind);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
  };
  await add('scatter');
  await page.locator('section[aria-label*="against"] canvas').waitFor();
  await add('bar');
  await add('parallel');
  await add('importance');
  await page.locator('section[aria-label*="depends on"] tbody tr').first().waitFor();
  await eventually(async () => {
    assert.match(search(page).panels, /^scatter:.+;bar:.+;parallel:.+;importance:.+$/);
    assert.match(await page.locator('section[aria-label*="depends on"] tbody tr').first().innerText(), /rate|optimizer/);
  });
  await page.locator('section[aria-label*="against"] button').click();
  await page.waitForURL((url) => !url.searchParams.get('panels').includes('scatter'));
});

test('dragging along an axis of the parallel coordinates keeps some runs, in every chart', async (page) => {
  await open(page, '?panels=parallel:params.rate,metrics.test/f1');
  await ready(page, 'train/loss', /12 lines/);
  const canvas = page.locator('section[aria-label*="rate"] canvas');
  await painted(canvas);
  const box = await place(canvas);
  const axis = { left: box.x + 46, top: box.y + 26, height: box.height - 38 };
  await page.mouse.move(axis.left, axis.top + axis.height * 0.75);
  await page.mouse.down();
  await page.mouse.move(axis.left + 2, axis.top + axis.height + 2, { steps: 4 });
  await page.mouse.up();
  await page.waitForURL(/brush=/);
  await ready(page, 'train/loss', /[34] lines/);
  await shows(page, /[34] runs of 12 kept by rate/);
  await page.getByRole('button', { name: 'Choose these runs' }).click();
  await page.waitForURL(/sel=/);
  await shows(page, /[34] chosen runs/, 'aside');
});

test('a point of a scatter leads to its run', async (page) => {
  await open(page, '?panels=scatter:params.rate,metrics.test/f1');
  await page.getByRole('img', { name: /against rate, 12 runs$/ }).waitFor();
  const canvas = page.locator('section[aria-label*="against"] canvas');
  await painted(canvas);
  const box = await place(canvas);
  await page.mouse.click(box.x + box.width - 14, box.y + 10);
  await heading(page, 'sweep 11');
});

test('a layout is kept under a name', async (page) => {
  await open(page, '?smooth=0.5&group=params.optimizer');
  await ready(page, 'train/loss', /2 lines/);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of a new view').fill('by optimizer');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'by optimizer', exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await open(page);
  await ready(page, 'train/loss', /12 lines/);
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('button', { name: 'by optimizer', exact: true }).click();
  await page.waitForURL(/group=params.optimizer/);
});

test('runs are compared: what differs, the best of each metric, and a run can be taken out', async (page) => {
  const { runs } = await sweep();
  await go(page, `/compare?runs=${runs.slice(0, 3).map((run) => run.id).join(',')}`);
  await heading(page, 'Compare 3 runs');
  await page.getByRole('rowheader', { name: 'rate' }).waitFor();
  assert.equal(await page.getByRole('rowheader', { name: 'seed' }).count(), 0);
  await page.getByLabel('Only what differs').uncheck();
  await page.getByRole('rowheader', { name: 'seed' }).waitFor();
  const f1 = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'test/f1' }) });
  await eventually(async () => assert.match(await f1.innerText(), /0\.5\s+0\.525\s*\+0\.025\s+0\.55/));
  await page.getByRole('button', { name: 'Take sweep 1 out' }).click();
  await heading(page, 'Compare 2 runs');
  await page.waitForURL((url) => !url.href.includes(runs[1].id));
});

test('the columns of a comparison are put in the order of a row, against the same run as before', async (page) => {
  const { runs } = await sweep();
  const ids = [1, 3, 2].map((i) => runs[i].id);
  await go(page, `/compare?runs=${ids.join(',')}`);
  const heads = () => page.getByRole('columnheader').getByRole('link').allInnerTexts();
  await eventually(async () => assert.deepEqual(await heads(), ['sweep 1', 'sweep 3', 'sweep 2']));
  await page.getByRole('button', { name: 'test/f1' }).click();
  await eventually(async () => assert.deepEqual(await heads(), ['sweep 3', 'sweep 2', 'sweep 1']));
  await eventually(() => assert.equal(search(page).base, runs[1].id));
  await page.getByRole('button', { name: 'test/f1' }).click();
  await eventually(async () => assert.deepEqual(await heads(), ['sweep 1', 'sweep 2', 'sweep 3']));
  await page.reload();
  await eventually(async () => assert.deepEqual(await heads(), ['sweep 1', 'sweep 2', 'sweep 3']));
  await page.keyboard.press('/');
  await page.keyboard.type('RATE');
  await eventually(async () => assert.deepEqual(await page.locator('th[scope=row]').allInnerTexts(), ['rate']));
  await page.waitForURL(/q=RATE/);
});

test('compared runs are drawn over each other, and their code and packages are held against one', async (page) => {
  const { runs } = await sweep();
  await go(page, `/compare?runs=${runs[0].id},${runs[1].id}`);
  await page.getByRole('button', { name: 'Charts' }).click();
  await ready(page, 'train/loss', /2 lines, 800 points/);
  await page.getByRole('button', { name: 'Code and packages' }).click();
  await page.getByText('numpy==1.0').waitFor();
  await page.getByText('numpy==1.1').waitFor();
  await shows(page, /Only sweep 1 recorded what was changed/);
  await page.getByLabel('Against').selectOption(runs[1].id);
  await page.waitForURL(/base=/);
  await shows(page, /Only sweep 1 recorded/);
});

test('keys: c compares the drawn runs, z shows the whole axis', async (page) => {
  await open(page, '?from=10&to=20&n=3');
  await ready(page, 'train/loss', /points in this range/);
  await page.keyboard.press('z');
  await page.waitForURL((url) => !url.searchParams.has('from'));
  await ready(page, 'train/loss', /3 lines/);
  await page.keyboard.press('c');
  await heading(page, 'Compare 3 runs');
});

test('a run that is not there can be left out of a comparison', async (page) => {
  const { runs } = await sweep();
  await go(page, `/compare?runs=${runs[0].id},${'0'.repeat(32)}`);
  await page.getByRole('button', { name: 'Leave it out' }).click();
  await heading(page, 'Compare 1 run');
}, { expect: [/404/] });

for (const colorScheme of ['light', 'dark']) {
  test(`workspace and comparison satisfy WCAG 2.1 AA as far as a machine can tell, ${colorScheme}`, async (page) => {
    const { id, runs } = await sweep();
    const some = runs.slice(0, 3).map((run) => run.id).join(',');
    for (const path of [
      `/experiments/${id}/charts?panels=scatter:params.rate,metrics.test/f1;bar:metrics.test/f1;parallel:params.rate,metrics.test/f1;importance:metrics.test/f1&smooth=0.4`,
      `/compare?runs=${some}`, `/compare?runs=${some}&view=charts`, `/compare?runs=${some}&view=code`, '/compare',
    ]) {
      await go(page, path);
      await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
      await page.evaluate(axe);
      await eventually(async () => {
        const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
        assert.deepEqual(violations.map((v) => `${path}: ${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `  ${n.html.slice(0, 200)}`).join('\n')}`), []);
      }, 15_000);
    }
  }, { colorScheme, reducedMotion: 'reduce' });
}

test('workspace and comparison are no wider than a phone', async (page) => {
  const { id, runs } = await sweep();
  for (const path of [`/experiments/${id}/charts?panels=parallel:params.rate,metrics.test/f1;importance:metrics.test/f1`, `/compare?runs=${runs.slice(0, 3).map((run) => run.id).join(',')}`]) {
    await go(page, path);
    await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
    await eventually(async () => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, path));
  }
}, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

let rewards;

/** Two runs whose reward begins below 0; an epoch has ten of its points, and only the second run has a rate. */
const rewarded = () => (rewards ??= (async () => {
  const runs = [];
  for (const name of ['cautious, as the first one was as well', 'bold']) {
    const run = await world.api.startRun({ experiment: `${world.experiment}-rewards`, name, params: name === 'bold' ? { rate: 0.1 } : { momentum: 0.9 } });
    const points = [];
    for (let step = 0; step < 100; step++) {
      points.push({ key: 'reward', value: step - 50, step });
      if (step % 10 === 0) points.push({ key: 'epoch', value: step / 10, step });
    }
    await world.api.update(run, { points });
    await world.api.finish(run);
    runs.push(run);
  }
  return { id: runs[0].experimentId, runs };
})());

test('a chart tells how many points its log scale leaves out, and how many it draws by another metric', async (page) => {
  const { id } = await rewarded();
  await go(page, `/experiments/${id}/charts?scale=log`);
  // From −50 to 0, of two runs.
  await ready(page, 'reward', '102 not above 0');
  await go(page, `/experiments/${id}/charts`);
  await ready(page, 'reward', '2 lines, 200 points');
  assert.equal(await chart(page, 'reward').getByText('not above 0').count(), 0);
  await go(page, `/experiments/${id}/charts?x=metric:epoch`);
  await ready(page, 'reward', '2 lines, 20 points');
});

test('the number above a smoothed line is the one that was logged', async (page) => {
  const { runs: [run] } = await rewarded();
  await go(page, `/runs/${run.id}/charts?smooth=0.9`);
  await chart(page, 'reward').getByText('49', { exact: true }).waitFor();
  await chart(page, 'reward').getByText(/smoothed 40/).waitFor();
});

test('what only one of two compared runs has stands out on both sides', async (page) => {
  const { runs } = await rewarded();
  await go(page, `/compare?runs=${runs.map(({ id }) => id).join(',')}`);
  const cells = (name) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) }).getByRole('cell');
  await cells('momentum').first().waitFor();
  const marked = (name) => cells(name).evaluateAll((all) => all.map((cell) => `${cell.textContent}${cell.hasAttribute('data-other') ? ' stands out' : ''}`));
  await eventually(async () => {
    assert.deepEqual(await marked('momentum'), ['0.9', '– stands out']);
    assert.deepEqual(await marked('rate'), ['–', '0.1 stands out']);
  });
});

test('the box beside the cursor stays within its chart, and says that its numbers are smoothed', async (page) => {
  const { id } = await rewarded();
  await go(page, `/experiments/${id}/charts?smooth=0.5`);
  await ready(page, 'reward', '2 lines, 200 points');
  const over = chart(page, 'reward').locator('.u-over');
  await over.scrollIntoViewIfNeeded();
  await drawn(page);
  const told = chart(page, 'reward').locator('[class*=told]');
  for (const share of [0.05, 0.45, 0.55, 0.95]) await eventually(async () => {
    const { x, y, width, height } = await place(over);
    const card = await chart(page, 'reward').boundingBox();
    await page.mouse.move(x + width * share - 1, y + height / 2);
    await page.mouse.move(x + width * share, y + height / 2);
    await told.getByText('smoothed').waitFor({ timeout: 3_000 });
    const box = await told.boundingBox();
    assert.ok(box.x >= card.x && box.x + box.width <= card.x + card.width + 1, `at ${share} it stands from ${box.x} to ${box.x + box.width}, the card from ${card.x} to ${card.x + card.width}`);
  });
}, { viewport: { width: 390, height: 844 } });
