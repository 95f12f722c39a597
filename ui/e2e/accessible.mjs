// What a machine can tell of accessibility: WCAG 2.1 A and AA, by axe.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const all = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };

/** What is wrong with the page as it stands, in words. `onlyColours` asks for what another theme can change. */
export async function faultsOf(page, where, onlyColours = false) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), onlyColours ? { runOnly: ['color-contrast', 'link-in-text-block'] } : all);
  return violations.map((v) => `${where}: ${v.id}: ${v.help}\n${v.nodes.slice(0, 3).map((n) => `  ${n.html.slice(0, 200)}\n  ${n.failureSummary?.split('\n')[1] ?? ''}`).join('\n')}`);
}
