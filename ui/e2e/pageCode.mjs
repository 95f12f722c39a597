// The pages' own code, as modules that Node can run.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export async function pageCode() {
  const here = dirname(fileURLToPath(import.meta.url));
  const built = await build({
    root: here, configFile: false, logLevel: 'error', build: { write: false, minify: false, lib: { entry: 'drawing.ts', formats: ['es'], fileName: 'drawing' } },
  });
  const { code } = [built].flat()[0].output[0];
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}
