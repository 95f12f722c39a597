// Gates in the pages: seen, written, tried, changed, taken away; approvals; and a promotion that waited for one.
import assert from 'node:assert/strict';
import { seedRanker } from './gates.seed.mjs';
import { eventually, go, prepare, shows, test, world } from './harness.mjs';

let open;
let waiting;
prepare(async () => {
  open = await seedRanker(world.base, `${world.experiment}-open`, { gate: false });
  waiting = await seedRanker(world.base, `${world.experiment}-waiting`);
  world.waiting = waiting;
});

const pathOf = ({ experimentId }) => `/artifacts/${experimentId}/ranker`;
const gatesOf = async (of) => (await (await fetch(`${world.base}/api/v1${pathOf(of)}/gates`)).json()).gates;
const detailOf = async (of) => (await fetch(`${world.base}/api/v1${pathOf(of)}`)).json();
const trial = (page) => page.getByRole('region', { name: 'Would it be let through?' });

test('a gate is written with what it offers, tried on the versions meanwhile, set, changed and taken away', async (page) => {
  await go(page, `${pathOf(open)}/gates`);
  await shows(page, 'No alias has a gate');
  await page.getByRole('button', { name: 'Add a gate' }).click();
  await page.waitForURL(/gate=/);
  await page.getByLabel('Alias', { exact: true }).fill('prod');
  const condition = page.getByRole('combobox', { name: 'Condition on metrics' });
  await condition.pressSequentially('metrics.acc');
  await page.getByRole('option', { name: /^metrics\.accuracy/ }).waitFor();
  await condition.press('ArrowDown');
  await condition.press('Enter');
  await page.getByRole('option', { name: /greater/ }).click();
  await condition.pressSequentially('prod');
  await page.getByRole('option', { name: /^prod\.metrics\.accuracy/ }).click();
  await eventually(async () => assert.equal((await condition.inputValue()).trim(), 'metrics.accuracy > prod.metrics.accuracy'));
  // v2 is better than v1, which holds the alias; v0 is worse.
  await trial(page).getByRole('button', { name: /would pass: v2/ }).waitFor();
  await trial(page).getByRole('button', { name: /would not pass: v0/ }).click();
  await shows(page, '0.81 of v0 against accuracy 0.86 of v1');
  assert.deepEqual(await gatesOf(open), []);

  await page.getByLabel('Checks that must have passed').fill('drift');
  await page.getByLabel('Checks that must have passed').press('Enter');
  await shows(page, "The check 'drift' failed");
  await page.getByLabel('Your name').fill('ada');
  await page.getByRole('button', { name: 'Set the gate' }).click();
  await page.getByText('The gate of prod is set').waitFor();
  await page.waitForURL((url) => !url.searchParams.has('gate'));
  const [gate] = await gatesOf(open);
  assert.deepEqual([gate.alias, gate.when, gate.checks, gate.stage, gate.setBy], ['prod', 'metrics.accuracy > prod.metrics.accuracy', ['drift'], 'Production', 'ada']);

  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Remove drift' }).click();
  await page.getByLabel('Measured on').fill('holdout');
  await page.getByLabel('Stage of MLflow’s registry behind it').selectOption('none');
  await page.getByRole('button', { name: 'Save the gate' }).click();
  await shows(page, 'measured on holdout');
  await eventually(async () => {
    const [changed] = await gatesOf(open);
    assert.deepEqual([changed.checks, changed.data, changed.stage ?? null], [[], 'holdout', null]);
  });

  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByLabel('Why the gate of prod is removed').fill('a trial');
  await page.getByRole('button', { name: 'Remove the gate' }).click();
  await shows(page, 'No alias has a gate');
  assert.deepEqual(await gatesOf(open), []);
  await go(page, `${pathOf(open)}/history?alias=prod`);
  await shows(page, /gate removed[\s\S]*a trial/);
}, { expect: [/status of 400/] });

test('what is wrong with a gate is told at its field, and nothing is set', async (page) => {
  await go(page, `${pathOf(open)}/gates?gate=prod`);
  const condition = page.getByRole('combobox', { name: 'Condition on metrics' });
  await condition.fill('metrics.accuracy >');
  const field = (label) => page.locator('form > div').filter({ has: page.getByLabel(label, { exact: true }) });
  await shows(page, /'when' cannot be read at column 19/);
  await eventually(async () => {
    assert.equal(await condition.getAttribute('aria-invalid'), 'true');
    assert.match(await page.locator(`#${CSS(await condition.getAttribute('aria-describedby'))}`).allInnerTexts().then((texts) => texts.join(' ')), /column 19/);
  });
  await condition.fill('metrics.accuracy > 0.5');
  await eventually(async () => assert.equal(await condition.getAttribute('aria-invalid'), null));
  await page.getByLabel('Approvals').fill('2');
  await page.getByLabel('Whose word counts').fill('ada,');
  await field('Whose word counts').getByText(/no version could ever pass/).waitFor();
  await page.getByRole('button', { name: 'Set the gate' }).click();
  await field('Whose word counts').getByText(/no version could ever pass/).waitFor();
  assert.deepEqual(await gatesOf(open), []);
}, { expect: [/status of 400/] });

const CSS = (ids) => ids.split(' ').map((id) => id.replaceAll(/([^\w-])/g, '\\$1')).join(', #');

test('a promotion that waits is seen first, approved by whose word counts, and made', async (page) => {
  await go(page, '/');
  await page.locator('aside').getByRole('link', { name: 'ranker' }).first().click();
  await page.waitForURL(/\/ranker\/gates\?on=v2/);
  await go(page, pathOf(waiting));
  const card = page.getByRole('region', { name: 'v2 waits for prod' });
  await card.getByText('1 approval of ada, linus').waitFor();
  await eventually(async () => assert.match(await card.innerText(), /three points above v1[\s\S]*grace/));
  await card.getByRole('link', { name: 'Review' }).click();
  await page.waitForURL(/\/gates\?on=v2/);
  const approvals = page.getByRole('region', { name: 'Approvals of v2' });
  await approvals.getByLabel('Your name').fill('bob');
  await shows(page, 'Only the word of ada, linus counts.');
  await approvals.getByRole('button', { name: 'Approve v2' }).click();
  await approvals.getByText('bob').first().waitFor();
  assert.equal((await detailOf(waiting)).artifact.aliases.prod, 'v1');

  await approvals.getByLabel('Your name').fill('linus');
  await approvals.getByLabel('Reason').fill('wait for monday');
  await approvals.getByRole('button', { name: 'Object' }).click();
  await shows(page, 'linus objects to v2: wait for monday');
  await approvals.getByRole('button', { name: 'Take my word back' }).click();
  await page.locator('main').getByText('linus objects to v2: wait for monday').first().waitFor({ state: 'detached' });
  await approvals.getByLabel('Your name').fill('ada');
  await approvals.getByRole('button', { name: 'Approve v2' }).click();
  await card.getByText('v2 can have prod now').waitFor();
  await card.getByRole('link', { name: 'Point prod to v2' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('ada agrees');
  await dialog.getByRole('button', { name: 'Point prod to v2' }).click();
  await eventually(async () => assert.equal((await detailOf(waiting)).artifact.aliases.prod, 'v2'));
  await card.waitFor({ state: 'detached' });
});
