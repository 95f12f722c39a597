// Every page of the route table on the sample's data: accessible in both themes, at a desk and on a phone, nothing wider
// than its window, no complaint. A new page that has no address here fails the first test.
import assert from 'node:assert/strict';
import { faultsOf } from './accessible.mjs';
import { eventually, go, loaded, test, tooWide, world } from './harness.mjs';
import { testMs } from './patience.mjs';
import { routeOf, routes } from './routes.mjs';

const desk = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

export function pages() {
  const { id, chains: [first, second, third], executions: [, fourth, failed], model, sweep } = world;
  const train = `/runs/${second.train_random_forest.run.id}`;
  const judge = `/runs/${second.evaluate.run.id}`;
  const trained = encodeURIComponent("attributes.job_type = 'train_random_forest'");
  const some = [first, second, third].map((chain) => chain.evaluate.run.id).join(',');
  return [
    '/', `/experiments/${id}`, `/experiments/${id}?group=jobType&cols=metrics.auc,metrics.cv_auc`, `/experiments/${id}/artifacts`,
    `/experiments/${id}/charts?filter=${trained}&panels=${encodeURIComponent('scatter:params.trees,metrics.cv_auc;bar:metrics.cv_auc;parallel:params.trees,metrics.cv_auc;importance:metrics.cv_auc')}`,
    `/runs/${second.root.run.id}`, train, `${train}?vs=${fourth.train_random_forest.run.id}`, `${train}/charts`, `${train}/media`, `${train}/files`, `${train}/logs`, `${train}/code`, `${train}/system`, `${train}/lineage`,
    `${judge}/media`, `${judge}/files?path=predictions.csv`, `/runs/${failed.check_data.run.id}`, `/runs/${failed.check_data.run.id}/files?path=checks.txt`,
    '/artifacts', '/models', model, `${model}?v=v1&path=MLmodel`, `${model}/compare?a=v0&b=v1`, `${model}/history`, `${model}/gates`, `${model}/gates?gate=prod`, `${model}/lineage`, `${model}?move=prod&to=v2`, `/artifacts/${id}/clean_data.csv`,
    sweep, '/pipelines', `/pipelines/runs/${fourth.root.run.id}?step=train_random_forest`, `/pipelines/runs/${failed.root.run.id}`, '/pipelines/triggers', '/launch', '/launch?what=pipeline:seattle-weather',
    '/settings', '/settings/users', '/settings/keys', `/compare?runs=${some}`, `/compare?runs=${some}&view=charts`, `/compare?runs=${some}&view=code`, '/no/such/page',
  ];
}

test('every page of the route table is among those that are looked at', async (page) => {
  const patterns = await routes();
  assert.ok(patterns.length >= 25, `${patterns.length} routes`);
  const seen = new Set(pages().map((path) => routeOf(patterns, path)));
  assert.deepEqual(patterns.filter((pattern) => !seen.has(pattern)), []);
  await go(page, '/');
});

test('every page satisfies WCAG 2.1 AA in both themes, at a desk and on a phone, and is no wider than either', async (page) => {
  const faults = [];
  for (const path of pages()) {
    await page.setViewportSize(desk);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await go(page, path);
    await loaded(page);
    for (const [size, viewport] of [['desk', desk], ['phone', phone]]) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
      faults.push(...await faultsOf(page, `${path} (${size}, light)`));
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
      faults.push(...await faultsOf(page, `${path} (${size}, dark)`, true));
      await eventually(async () => assert.equal(await tooWide(page), null), 15_000).catch(({ actual }) => faults.push(`${path} (${size}) is ${actual}`));
    }
  }
  assert.deepEqual(faults, []);
}, { timeout: 3 * testMs });

test('every page says in its title what it shows, and opens again where a link leads', async (page) => {
  for (const path of pages()) {
    await go(page, path);
    await loaded(page);
    await eventually(async () => assert.match(await page.title(), /.+ · Cairn$|^Cairn$/, path), 15_000);
    // Nothing that a page adds to its own address leads elsewhere.
    assert.equal(new URL(page.url()).pathname.replaceAll('%2F', '/'), new URL(path, world.base).pathname.replaceAll('%2F', '/'), path);
  }
});
