import { expect, test } from 'vitest';
import { arriving } from './arriving';

test('what a file exports is picked, its failure is told, and nothing comes while the page reloads', async () => {
  await expect(arriving(async () => ({ Route: 7 }), ({ Route }) => Route)()).resolves.toBe(7);
  await expect(arriving(() => Promise.reject(new Error('gone')), () => 7)()).rejects.toThrow('gone');
  const never = arriving(async (): Promise<{ Route: number } | undefined> => undefined, ({ Route }) => Route)();
  expect(await Promise.race([never, Promise.resolve('still waiting')])).toBe('still waiting');
});
