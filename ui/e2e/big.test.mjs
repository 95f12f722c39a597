// The pages on 20,000 runs with 20 million points. How quick they are is measured (`make bench`, case `ui`); here, what they
// show is held against what the store holds.
import { look } from './big.data.mjs';
import { complete, start } from './harness.mjs';
import { serve } from './server.mjs';
import { bigStore } from './stores.mjs';

start(async () => serve(await bigStore()), look);
await import('./big.tests.mjs');
await import('./big.drawn.tests.mjs');
complete();
