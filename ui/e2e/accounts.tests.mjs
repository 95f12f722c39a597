// Users, keys and logging in: on a server of their own, because one with users asks everybody who they are.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { eventually, heading, place, prepare, shows, test } from './harness.mjs';
import { patienceMs } from './patience.mjs';
import { server } from './server.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const password = 'seven unlikely green words';
// A server that is named cannot be given users: all other tests would be asked who they are.
const skip = process.env.CAIRN_URL !== undefined;
let own;

if (!skip) {
  prepare(async () => {
    own = await server();
  });
  after(() => own?.stop());
}

const check = (name, work, options = {}) => {
  if (!skip) test(name, work, { base: () => own.base, expect: [/status of (401|400|409|412|429)/, /This server wants to know who asks/], ...options });
};
const open = (page, path) => page.goto(own.base + path);

/** Requests as a user by name and password, as programs send them. */
async function asUser(name, word) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}` };
  // A login too, so that there is a browser to be ended.
  await fetch(`${own.base}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, password: word }) });
  return async (method, path, body) => {
    const answer = await fetch(`${own.base}${path.startsWith('/api/') ? '' : '/api/v1'}${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json().catch(() => null);
  };
}

/** An experiment with a permission of a user, of whom the name is long; made once. */
let made;
function things() {
  return (made ??= (async () => {
    const admin = await asUser('ada', password);
    const user = 'wilhelmina.von.und.zu.langenfeld@department.example.org';
    await admin('POST', '/users', { name: user, password });
    const { id } = await admin('POST', '/experiments', { name: 'looked at' });
    await admin('PUT', `/experiments/${id}/permissions/${encodeURIComponent(user)}`, { permission: 'EDIT' });
    return { experiment: id, users: [user] };
  })());
}

async function logIn(page, path = '/', name = 'ada', word = password) {
  await open(page, path);
  await heading(page, 'Log in to Cairn');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(word);
  await page.keyboard.press('Enter');
}

/** By how many pixels what an open dialog says is wider than the dialog. */
const cutOff = (page) => page.evaluate(() => {
  const dialog = document.querySelector('dialog[open]');
  return dialog ? dialog.scrollWidth - dialog.clientWidth : 0;
});

check('a server without users tells how to begin, and its first user is an admin who is logged in', async (page) => {
  await open(page, '/settings/keys');
  await shows(page, 'This server has no users yet');
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await shows(page, 'cairn user add ada --admin');
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel(/^Password/).fill(password);
  await page.getByRole('button', { name: 'Add me as admin' }).click();
  await page.getByRole('row', { name: /ada.*you.*admin/ }).waitFor();
  await page.getByRole('button', { name: 'Account of ada' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await heading(page, 'Log in to Cairn');
  assert.equal((await fetch(`${own.base}/api/v1/experiments`)).status, 401);
});

check('one logs in with the keyboard alone, and is where one wanted to be', async (page) => {
  await open(page, '/models?q=x');
  await heading(page, 'Log in to Cairn');
  await page.keyboard.type('ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'The name or the password is wrong.' }).waitFor();
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await heading(page, 'Models');
  assert.match(page.url(), /\/models\?q=x$/);
  const cookies = await page.context().cookies();
  assert.deepEqual(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite })), [{ httpOnly: true, sameSite: 'Strict' }]);
});

check('a key is shown once, works, and is revoked', async (page) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await logIn(page, '/settings/keys');
  await page.getByLabel('What it is for').fill('laptop');
  await page.getByRole('button', { name: 'Make a key' }).click();
  const key = (await page.locator('[role=status] code').first().innerText()).trim();
  assert.match(key, /^[A-Za-z0-9]{40}$/);
  await page.getByRole('status').getByRole('button', { name: /Copy key/ }).click();
  await eventually(async () => assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key));
  const ask = () => fetch(`${own.base}/api/v1/session`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal((await (await ask()).json()).name, 'ada');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.reload();
  const row = page.getByRole('row', { name: new RegExp(`laptop …${key.slice(-4)}`) });
  await row.filter({ hasNotText: /Last used.*never/ }).waitFor();
  assert.ok(!(await page.content()).includes(key));
  await row.getByRole('button', { name: 'Revoke laptop' }).click();
  await page.getByRole('button', { name: 'Revoke for good' }).click();
  await shows(page, 'No key yet');
  assert.equal((await ask()).status, 401);
});

check('an admin adds users, makes them admins, deactivates them and resets their passwords', async (page) => {
  await logIn(page, '/settings/users');
  await page.getByRole('row', { name: /ada/ }).waitFor();
  await page.getByLabel('Name').fill('bo');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const first = (await page.locator('[role=status] code').first().innerText()).trim();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  const canLogIn = async (word) => (await fetch(`${own.base}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'bo', password: word }) })).status;
  assert.equal(await canLogIn(first), 200);

  const bo = page.getByRole('row', { name: /^.?bo/ });
  const act = async (what) => {
    await bo.getByRole('button', { name: 'Change bo' }).click();
    await page.getByRole('menuitem', { name: what }).click();
  };
  await act('Make an admin');
  await bo.filter({ hasText: 'admin' }).waitFor();
  await act('Take the admin right away');
  await bo.filter({ hasNotText: 'admin' }).waitFor();
  // What cannot be taken back is asked about first.
  await act('Reset the password …');
  await page.getByRole('dialog', { name: 'Reset the password of bo?' }).getByRole('button', { name: 'Keep it' }).click();
  assert.equal(await canLogIn(first), 200);
  await act('Reset the password …');
  await page.getByRole('dialog').getByRole('button', { name: 'Reset the password' }).click();
  const second = (await page.locator('[role=status] code').first().innerText()).trim();
  assert.notEqual(first, second);
  assert.equal(await canLogIn(first), 401);
  assert.equal(await canLogIn(second), 200);
  await act('Deactivate');
  await bo.filter({ hasText: 'deactivated' }).waitFor();
  assert.equal(await canLogIn(second), 401);

  // The last admin stays one, and hears why.
  await page.getByRole('button', { name: 'Change ada' }).click();
  await page.getByRole('menuitem', { name: 'Take the admin right away' }).click();
  await page.getByText('This is the last active admin').waitFor();
});

check('a user is removed after it is told what ends, what goes and what stays', async (page) => {
  const admin = await asUser('ada', password);
  await admin('POST', '/users', { name: 'cleo', password: `${password} of cleo` });
  const cleo = await asUser('cleo', `${password} of cleo`);
  await cleo('POST', '/users/me/keys', { name: 'laptop', expiresAt: null });
  await cleo('POST', '/runs', { experiment: 'of cleo' });
  await logIn(page, '/settings/users');
  const row = page.getByRole('row', { name: /^.?cleo/ });
  const ask = async () => {
    await row.getByRole('button', { name: 'Change cleo' }).click();
    await page.getByRole('menuitem', { name: 'Remove …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove cleo?' });
    await dialog.getByText('1 key and 1 login in browsers').waitFor();
    return dialog;
  };
  const dialog = await ask();
  await dialog.getByText('1 experiment: of cleo').waitFor();
  // Enter does the harmless thing, and so does Escape.
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await ask();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal((await cleo('GET', '/session')).name, 'cleo');

  await (await ask()).getByRole('button', { name: 'Remove', exact: true }).click();
  await row.waitFor({ state: 'detached' });
  await page.getByText('cleo is removed').waitFor();
  await assert.rejects(() => cleo('GET', '/session'), /401/);
  assert.equal((await admin('GET', '/runs?experiment=of%20cleo')).runs[0].run.author, 'cleo');

  // Nobody removes the last admin, nor oneself here.
  await page.getByRole('button', { name: 'Change ada' }).click();
  await page.getByRole('menuitem', { name: 'Log out everywhere' }).waitFor();
  assert.equal(await page.getByRole('menuitem', { name: 'Remove …' }).count(), 0);
});

check('a refusal of a removal is told in its dialog', async (page) => {
  const admin = await asUser('ada', password);
  await admin('POST', '/users', { name: 'dora', password: `${password} of dora` });
  await logIn(page, '/settings/users');
  await page.getByRole('button', { name: 'Change dora' }).click();
  await page.getByRole('menuitem', { name: 'Remove …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove dora?' });
  await dialog.getByText('Stays:').waitFor();
  // Somebody was faster.
  await admin('DELETE', '/users/dora');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await dialog.getByRole('alert').filter({ hasText: 'There is no user' }).waitFor();
}, { expect: [/status of (401|404)/, /This server wants to know who asks/] });

check('whoever manages an experiment gives and takes permissions on it in a dialog, and others do not see it', async (page) => {
  const admin = await asUser('ada', password);
  for (const name of ['eve', 'finn']) await admin('POST', '/users', { name, password: `${password} of ${name}` });
  const eve = await asUser('eve', `${password} of eve`);
  const finn = await asUser('finn', `${password} of finn`);
  const { id } = await eve('POST', '/experiments', { name: 'guarded' });
  const may = (user) => user('POST', '/runs', { experiment: 'guarded' }).then(() => true, (error) => { assert.match(error.message, /403/); return false; });
  const given = async () => (await admin('GET', `/experiments/${id}/permissions`)).permissions.map((one) => `${one.user} ${one.permission}`);

  await logIn(page, `/experiments/${id}`, 'eve', `${password} of eve`);
  await page.getByRole('button', { name: 'Access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Who may do what' });
  await dialog.getByLabel('Permission of eve').waitFor();
  await dialog.getByRole('row', { name: /Everybody else.*READ/ }).waitFor();
  assert.equal(await may(finn), false);

  // Given by keyboard: name, permission, Enter.
  await dialog.getByLabel('User', { exact: true }).fill('finn');
  await dialog.getByRole('combobox', { name: 'May', exact: true }).selectOption('EDIT');
  await dialog.getByRole('button', { name: 'Give' }).press('Enter');
  await dialog.getByLabel('Permission of finn').waitFor();
  assert.deepEqual(await given(), ['eve MANAGE', 'finn EDIT']);
  assert.equal(await may(finn), true);
  await eventually(async () => assert.equal(await dialog.getByLabel('User', { exact: true }).inputValue(), ''));

  await dialog.getByLabel('Permission of finn').selectOption('NO_PERMISSIONS');
  await eventually(async () => assert.deepEqual(await given(), ['eve MANAGE', 'finn NO_PERMISSIONS']));
  await assert.rejects(() => finn('GET', `/experiments/${id}`), /403/);

  await dialog.getByRole('button', { name: 'Take back what was said of finn' }).click();
  await dialog.getByLabel('Permission of finn').waitFor({ state: 'detached' });
  assert.deepEqual(await given(), ['eve MANAGE']);
  assert.equal((await finn('GET', `/experiments/${id}`)).name, 'guarded');

  // A name that nobody has is told, and nothing is given.
  await dialog.getByLabel('User', { exact: true }).fill('nobody');
  await dialog.getByRole('button', { name: 'Give' }).click();
  await dialog.getByRole('alert').filter({ hasText: 'nobody' }).waitFor();
  assert.deepEqual(await given(), ['eve MANAGE']);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  const other = await page.context().browser().newContext();
  const there = await other.newPage();
  there.setDefaultTimeout(patienceMs);
  await logIn(there, `/experiments/${id}`, 'finn', `${password} of finn`);
  await heading(there, 'guarded');
  await there.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
  assert.equal(await there.getByRole('button', { name: 'Access' }).count(), 0);
  await other.close();
}, { expect: [/status of (401|403|404)/, /This server wants to know who asks/] });

check('permissions on a model are given beside its experiment’s', async (page) => {
  const admin = await asUser('ada', password);
  await admin('POST', '/users', { name: 'gina', password: `${password} of gina` });
  const made = await admin('POST', '/api/2.0/mlflow/registered-models/create', { name: 'guarded model' });
  assert.equal(made.registered_model.name, 'guarded model');
  await logIn(page, '/models');
  await page.getByRole('link', { name: 'guarded model' }).first().click();
  await page.getByRole('button', { name: 'Access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Who may do what' });
  await dialog.getByRole('row', { name: /Everybody else.*what they may do with its experiment/ }).waitFor();
  await dialog.getByLabel('User', { exact: true }).fill('gina');
  await dialog.getByRole('combobox', { name: 'May', exact: true }).selectOption('NO_PERMISSIONS');
  await dialog.getByRole('button', { name: 'Give' }).click();
  await dialog.getByLabel('Permission of gina').waitFor();
  const gina = await asUser('gina', `${password} of gina`);
  await assert.rejects(() => gina('GET', '/api/2.0/mlflow/registered-models/get?name=guarded%20model'), /403/);
  await dialog.getByRole('button', { name: 'Take back what was said of gina' }).click();
  await dialog.getByLabel('Permission of gina').waitFor({ state: 'detached' });
  assert.equal((await gina('GET', '/api/2.0/mlflow/registered-models/get?name=guarded%20model')).registered_model.name, 'guarded model');
});

check('a session that was ended elsewhere ends here with the next click', async (page) => {
  await logIn(page);
  await heading(page, 'Experiments');
  await page.getByRole('button', { name: 'Account of ada' }).waitFor();
  await page.waitForLoadState('networkidle');
  // What the page asks for by itself every few seconds would find it out before the click.
  await page.route(/\/api\/v1\/(server|home)$/, () => undefined);
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Artifacts' }).first().click();
  await heading(page, 'Log in to Cairn');
});

check('a user changes the own password, and other browsers are logged out', async (page) => {
  const other = await page.context().browser().newContext();
  const there = await other.newPage();
  there.setDefaultTimeout(patienceMs);
  await logIn(there, '/settings/keys');
  await there.getByLabel('Current password').waitFor();
  await logIn(page, '/settings/keys');
  await page.getByLabel('Current password').fill(password);
  await page.getByLabel('New password').fill('another few unlikely words');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The password is changed').waitFor();
  await eventually(async () => assert.equal(await there.evaluate(async () => (await fetch('/api/v1/session')).status), 401));
  await page.getByLabel('Current password').fill('another few unlikely words');
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await eventually(async () => assert.equal(await page.getByLabel('New password').inputValue(), ''));
  assert.equal(await page.evaluate(async () => (await fetch('/api/v1/session')).status), 200);
  await other.close();
});

for (const colorScheme of ['light', 'dark']) {
  check(`the pages of accounts satisfy WCAG 2.1 AA as far as a machine can tell, ${colorScheme}`, async (page) => {
    const look = async (what) => {
      await page.waitForFunction(() => !document.querySelector('[aria-label="Loading"]'));
      await eventually(async () => assert.equal(await cutOff(page), 0, `${what} is cut off`));
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
      assert.deepEqual(violations.map((v) => `${what}: ${v.id}: ${v.help} ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`), []);
    };
    const { experiment, users } = await things();
    await open(page, '/settings/users');
    await heading(page, 'Log in to Cairn');
    await look('login');
    await logIn(page, '/settings/users');
    await page.getByRole('row', { name: /ada/ }).waitFor();
    await look('users');
    const [user] = users;
    await page.getByRole('button', { name: `Change ${user}` }).click();
    await page.getByRole('menuitem', { name: 'Reset the password …' }).click();
    await page.getByRole('dialog').waitFor();
    await look('the question before a password is reset');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: `Change ${user}` }).click();
    await page.getByRole('menuitem', { name: 'Remove …' }).click();
    await page.getByRole('dialog').getByText('Stays:').waitFor();
    await look('the question before a user is removed');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByLabel('Current password').waitFor();
    await look('keys');
    await open(page, `/experiments/${experiment}`);
    await page.getByRole('button', { name: 'Access' }).click();
    await page.getByRole('dialog').getByRole('row', { name: new RegExp(user) }).waitFor();
    await look('the dialog of permissions');
  }, { colorScheme, reducedMotion: 'reduce' });
}

check('the pages of accounts fit a phone', async (page) => {
  const { experiment, users: [user] } = await things();
  const fits = async (what) => {
    await eventually(async () => {
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${what} is too wide`);
      assert.equal(await cutOff(page), 0, `${what} is cut off`);
    });
  };
  const inside = async (button) => {
    const box = await place(page.getByRole('dialog').getByRole('button', { name: button, exact: true }));
    assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y + box.height <= 844, `${button} is out of the window: ${JSON.stringify(box)}`);
  };
  await open(page, '/settings/users');
  await heading(page, 'Log in to Cairn');
  await fits('login');
  await logIn(page, '/settings/users');
  await page.getByRole('row', { name: /ada/ }).waitFor();
  await page.getByLabel('Name').fill('somebody.with.a.rather.long.name@department.example.org');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('row', { name: /somebody/ }).waitFor();
  await fits('users');
  await page.getByRole('button', { name: `Change ${user}` }).click();
  await page.getByRole('menuitem', { name: 'Remove …' }).click();
  await page.getByRole('dialog').getByText('Stays:').waitFor();
  await fits('the question before a user is removed');
  await inside('Cancel');
  await inside('Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await page.getByLabel('Current password').waitFor();
  await fits('keys');
  await open(page, `/experiments/${experiment}`);
  await page.getByRole('button', { name: 'Access' }).click();
  await page.getByRole('dialog').getByRole('row', { name: new RegExp(user) }).waitFor();
  await fits('the dialog of permissions');
  await inside('Give');
}, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
