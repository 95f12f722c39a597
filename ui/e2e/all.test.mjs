// The end-to-end tests of the pages (`npm run e2e`), on one server with one set of data. A part of them:
// node --test --test-name-pattern="lineage" e2e/all.test.mjs
import { complete, start } from './harness.mjs';

start();
await import('./lists.tests.mjs');
await import('./runs.tests.mjs');
await import('./shell.tests.mjs');
await import('./pipelines.tests.mjs');
await import('./run.tests.mjs');
await import('./artifact.tests.mjs');
await import('./gates.tests.mjs');
await import('./story.tests.mjs');
await import('./wandb.tests.mjs');
await import('./things.tests.mjs');
await import('./hostile.tests.mjs');
await import('./charts.tests.mjs');
await import('./media.tests.mjs');
await import('./accounts.tests.mjs');
await import('./everywhere.tests.mjs');
complete();
