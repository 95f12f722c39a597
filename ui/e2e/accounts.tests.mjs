// Users, keys and logging in: on a server of their own, because one with users asks everybody who they are.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after } from 'node:test';
import { eventually, heading, prepare, shows, test } from './harness.mjs';
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

async function logIn(page, path = '/', name = 'ada', word = password) {
  await open(page, path);
  await heading(page, 'Log in to Cairn');
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(word);
  await page.keyboard.press('Enter');
}

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
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
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
  await act('Reset the password');
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

check('a session that was ended elsewhere ends here with the next click', async (page) => {
  await logIn(page);
  await heading(page, 'Experiments');
  await page.context().clearCookies();
  await page.getByRole('link', { name: 'Artifacts' }).first().click();
  await heading(page, 'Log in to Cairn');
});

check('a user changes the own password, and other browsers are logged out', async (page) => {
  const other = await page.context().browser().newContext();
  const there = await other.newPage();
  await logIn(there, '/settings/keys');
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
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
      assert.deepEqual(violations.map((v) => `${what}: ${v.id}: ${v.help} ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`), []);
    };
    await open(page, '/settings/users');
    await heading(page, 'Log in to Cairn');
    await look('login');
    await logIn(page, '/settings/users');
    await page.getByRole('row', { name: /ada/ }).waitFor();
    await look('users');
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByLabel('Current password').waitFor();
    await look('keys');
  }, { colorScheme, reducedMotion: 'reduce' });
}

check('the pages of accounts fit a phone', async (page) => {
  const fits = async (what) => assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${what} is too wide`);
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
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await page.getByLabel('Current password').waitFor();
  await fits('keys');
}, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
