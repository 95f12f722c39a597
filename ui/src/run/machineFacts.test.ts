import { expect, test } from 'vitest';
import { againCommand, exhibits, readMachine } from './machineFacts';
import { isSystemKey, systemSeries } from './systemSeries';

test("the machine and the command, as W&B's client writes them", () => {
  const { facts, command } = readMachine(JSON.stringify({
    host: 'node-1', os: 'Linux', python: '3.12', program: 'my train.py', args: ['--lr', '0.1', "it's"], cpu_count: 8, cpu_count_logical: 16, gpu: 'H100', gpu_count: 2, memory: { total: 68719476736 },
  }));
  expect(facts).toEqual([['Host', 'node-1'], ['System', 'Linux'], ['Python', '3.12'], ['CPU', '8 cores, 16 threads'], ['GPU', '2 × H100'], ['Memory', '64 GiB']]);
  expect(command).toBe(`python 'my train.py' --lr 0.1 'it'\\''s'`);
});

test.each(['', 'null', '[]', '{"host":7,"gpu":{},"memory":{"total":"x"},"args":"no"}', '{'])('a file that says nothing usable (%j) breaks nothing', (text) => {
  expect(() => readMachine(text)).not.toThrow();
});

test('the command to run it again leaves out what was not recorded and quotes the rest', () => {
  expect(againCommand({ name: 'https://h/r#d', entryPoint: 'train', commit: 'abc' }, { lr: 0.1, name: 'a b; rm', password: '(not recorded)', years: [1] })).toBe(
    `cairn run https://h/r#d -e train --version abc -P lr=0.1 -P 'name=a b; rm' -P 'years=[1]'`,
  );
  expect(againCommand({ name: '/here', entryPoint: 'main', commit: 'abc' }, {})).toBe('cairn run /here');
  expect(againCommand({ name: 'train.py' }, {})).toBeNull();
});

test('the files that tell of the code, the most telling first', () => {
  const file = (path: string) => ({ path, size: 1, digest: '', updatedAt: 0 });
  expect(exhibits(['wandb-metadata.json', 'requirements.txt', 'cairn/uncommitted.patch', 'code/train.py', 'x/requirements.txt', 'model.bin'].map(file)).map(({ path }) => path)).toEqual([
    'cairn/uncommitted.patch', 'requirements.txt', 'code/train.py', 'wandb-metadata.json',
  ]);
});

test('measurements of the machine stand over the time of the run', () => {
  expect(isSystemKey('system/cpu')).toBe(true);
  expect(isSystemKey('systematic')).toBe(false);
  expect(systemSeries([{ key: 'system.cpu', count: 2, sampled: false, steps: [1, 0], times: [3000, 1000], values: ['NaN', 2] }], 1000)).toEqual([{ name: 'cpu', x: [0, 2], y: [2, null] }]);
});
