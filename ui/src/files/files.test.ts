import { expect, test } from 'vitest';
import { fileRows, firstFile } from './fileTree';
import { decodeText, prettyJson, previewKind } from './preview';

const files = ['model/weights/w-10.bin', 'model/weights/w-9.bin', 'model/MLmodel', 'zeta.txt', 'alpha.csv'].map((path, i) => ({ path, size: 10 * (i + 1) }));

test('folders stand first and tell what is in them; numbers sort as numbers', () => {
  const rows = fileRows(files, new Set());
  expect(rows.map((r) => `${'  '.repeat(r.depth)}${r.name}`)).toEqual([
    'model', '  weights', '    w-9.bin', '    w-10.bin', '  MLmodel', 'alpha.csv', 'zeta.txt',
  ]);
  expect(rows[0]).toMatchObject({ kind: 'folder', path: 'model', size: 60, files: 3 });
});

test('a closed folder hides what is in it, and only that', () => {
  expect(fileRows(files, new Set(['model/weights'])).map((r) => r.name)).toEqual(['model', 'weights', 'MLmodel', 'alpha.csv', 'zeta.txt']);
});

test('the first file shown is the one that explains most', () => {
  expect(firstFile(files)).toBe('alpha.csv');
  expect(firstFile([...files, { path: 'docs/README.md', size: 1 }])).toBe('docs/README.md');
  expect(firstFile([{ path: 'a.bin', size: 1 }])).toBe('a.bin');
  expect(firstFile([])).toBeUndefined();
});

test.each([
  ['a/b/plot.PNG', 'image'], ['data.csv', 'table'], ['MLproject', 'text'], ['x.json', 'json'], ['m.onnx', 'none'], ['.gitignore', 'text'], ['odd.xyz', 'text'],
])('%s is shown as %s', (path, kind) => expect(previewKind(path)).toBe(kind));

test('bytes that are no text are not shown as text', () => {
  expect(decodeText(new Uint8Array([80, 75, 0, 4]), false)).toBeNull();
  expect(decodeText(new Uint8Array([0xff, 0xfe, 0x41]), false)).toBeNull();
  expect(decodeText(new TextEncoder().encode('grün'), false)).toBe('grün');
});

test('a character cut by the end of a preview is left out, not an error', () => {
  const cut = new TextEncoder().encode('grü').subarray(0, 3);
  expect(decodeText(cut, true)).toBe('gr');
  expect(decodeText(cut, false)).toBeNull();
});

test('JSON is set out where it is whole', () => {
  expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(prettyJson('{"a":')).toBe('{"a":');
});
