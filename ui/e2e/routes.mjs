// The pages there are, read from the route table itself, so that none can be forgotten.
import { readFile } from 'node:fs/promises';

/** Patterns such as '/runs/$runId/logs'; routes that only lead on to another are left out. */
export async function routes() {
  const source = await readFile(new URL('../src/router.tsx', import.meta.url), 'utf8');
  const found = new Map();
  for (const [, name, body] of source.matchAll(/const (\w+) = createRoute\(\{([\s\S]*?)\n\}\)/g)) {
    const parent = /getParentRoute: \(\) => (\w+)/.exec(body)[1];
    const path = /path: '([^']+)'/.exec(body)[1];
    found.set(name, { path: join(parent === 'root' ? '' : found.get(parent).path, path), parent, leadsOn: body.includes('redirect(') });
  }
  // A page around others is none of its own: its index is.
  const parents = new Set([...found.values()].map(({ parent }) => parent));
  return [...found].filter(([name, { leadsOn }]) => !leadsOn && !parents.has(name)).map(([, { path }]) => path);
}

const join = (above, path) => (path === '/' ? above || '/' : above + path);

/** The pattern that an address belongs to; undefined where it leads nowhere. */
export function routeOf(patterns, address) {
  const { pathname } = new URL(address, 'http://host');
  const fits = (pattern) => new RegExp(`^${pattern.replaceAll(/\$\w+/g, '[^/]+')}/?$`).test(pathname);
  // What is written out wins over what stands for anything.
  return patterns.filter(fits).sort((a, b) => (a.match(/\$/g) ?? []).length - (b.match(/\$/g) ?? []).length)[0];
}
