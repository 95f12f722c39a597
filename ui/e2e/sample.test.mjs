// The pages on what the sample pipeline really logged: every page once, and every flow of a reader.
import { complete, start } from './harness.mjs';
import { look } from './sample.data.mjs';
import { serve } from './server.mjs';
import { sampleStore } from './stores.mjs';

start(async () => serve(await sampleStore()), look);
await import('./sample.pages.tests.mjs');
await import('./sample.runs.tests.mjs');
await import('./sample.versions.tests.mjs');
await import('./sample.pipelines.tests.mjs');
complete();
