// A server with users, for the pictures of logging in, of users and of keys.
const password = 'seven unlikely green words';

/** Makes users and keys; answers how a page logs in. */
export async function showUsers(base) {
  let cookie = '';
  const send = async (method, path, body) => {
    const response = await fetch(`${base}/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json', Origin: base, 'User-Agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:140.0) Gecko/20100101 Firefox/140.0', ...(cookie ? { Cookie: cookie } : {}) }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    cookie = response.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ') || cookie;
    return response.json().catch(() => null);
  };
  await send('POST', '/users', { name: 'ada', isAdmin: true, password });
  await send('POST', '/session', { name: 'ada', password });
  for (const [name, isAdmin] of [['grace', false], ['linus', false], ['margaret', true]]) await send('POST', '/users', { name, isAdmin, password: `${password} of ${name}` });
  await send('PATCH', '/users/linus', { isActive: false });
  await send('POST', '/experiments', { name: 'nyc_airbnb' });
  await send('PUT', '/experiments/nyc_airbnb/permissions/grace', { permission: 'EDIT' });
  await send('PUT', '/experiments/nyc_airbnb/permissions/linus', { permission: 'NO_PERMISSIONS' });
  await send('POST', '/experiments', { name: 'churn' });
  await send('PUT', '/experiments/churn/permissions/margaret', { permission: 'MANAGE' });
  await send('DELETE', '/experiments/churn/permissions/ada');
  await send('POST', '/users/me/keys', { name: 'laptop', expiresAt: null });
  await send('POST', '/users/me/keys', { name: 'nightly training', expiresAt: Date.now() + 90 * 86_400_000 });
  return async (page) => {
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Account of ada' }).waitFor();
  };
}

export const pagesOfUsers = [
  { name: 'login', path: '/', tells: 'Logging in, on a server with users', out: true },
  { name: 'settings-users', path: '/settings/users', tells: 'Settings: users' },
  { name: 'settings-users-remove', path: '/settings/users', tells: 'Before a user is removed', act: (page) => choose(page, 'margaret', 'Remove …', 'Stays:') },
  { name: 'settings-users-reset', path: '/settings/users', tells: 'Before a password is reset', act: (page) => choose(page, 'grace', 'Reset the password …', 'The password until now') },
  { name: 'settings-access', path: '/', tells: 'Who may do what with an experiment', act: showAccess },
  { name: 'settings-keys', path: '/settings/keys', tells: 'Settings: keys, password and browsers' },
];

async function choose(page, user, what, tells) {
  await page.getByRole('button', { name: `Change ${user}` }).click();
  await page.getByRole('menuitem', { name: what }).click();
  await page.getByRole('dialog').getByText(tells).waitFor();
}

async function showAccess(page) {
  await page.getByRole('link', { name: 'nyc_airbnb' }).first().click();
  await page.getByRole('button', { name: 'Access' }).click();
  await page.getByRole('dialog').getByText('grace').waitFor();
}
