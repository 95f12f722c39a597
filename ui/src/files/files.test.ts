import { expect, test } from 'vitest';
import { fileRows, firstFile } from './fileTree';
import { columnStats } from './columnStats';
import { firstClosed, jsonRows } from './jsonRows';
import { fromBase64, parseNotebook } from './notebook';
import { decodeText, hasSource, previewKind } from './preview';
import { yamlPieces } from './yamlColors';

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
  ['a/b/plot.PNG', 'image'], ['data.csv', 'table'], ['MLproject', 'yaml'], ['x.json', 'json'], ['m.onnx', 'none'], ['MLmodel', 'yaml'], ['README', 'markdown'], ['nb.ipynb', 'notebook'], ['t.parquet', 'parquet'], ['constructor', 'text'], ['x.constructor', 'text'], ['.gitignore', 'text'], ['odd.xyz', 'text'],
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

test('a kind that is set out for reading can be shown as text', () => {
  expect(hasSource('markdown')).toBe(true);
  expect(hasSource('image')).toBe(false);
});

test('figures of a column: numbers', () => {
  const stats = columnStats([['1'], ['NaN'], ['3'], [''], ['5'], ['3']], 0);
  expect(stats).toMatchObject({ kind: 'number', count: 4, missing: 2, distinct: 3, min: 1, max: 5, mean: 3 });
  expect(stats.deviation).toBeCloseTo(Math.sqrt(2));
  const far = columnStats([['1000000000.1'], ['1000000000.2'], ['1000000000.3']], 0);
  expect(far.deviation).toBeCloseTo(Math.sqrt(0.02 / 3), 4);
});

test('figures of a column: text, and nothing', () => {
  expect(columnStats([['sun'], ['rain'], ['sun'], []], 0)).toMatchObject({ kind: 'text', count: 3, missing: 1, distinct: 2, top: { value: 'sun', count: 2 } });
  expect(columnStats([['1'], ['x']], 0).kind).toBe('text');
  expect(columnStats([[''], ['NA']], 0)).toMatchObject({ kind: 'empty', count: 0, missing: 2 });
  expect(columnStats([], 0).kind).toBe('empty');
});

test('a JSON tree opens and closes; keys that look like paths keep apart', () => {
  const rows = jsonRows({ a: [1, 'x', null], 'b/c': {}, b: { c: true } }, new Set());
  expect(rows.map((r) => `${'  '.repeat(r.depth)}${r.name ?? ''} ${r.text}`)).toEqual([
    ' { 3 }', '  a [ 3 ]', '    0 1', '    1 "x"', '    2 null', '  b/c { 0 }', '  b { 1 }', '    c true',
  ]);
  expect(new Set(rows.map((r) => r.path)).size).toBe(rows.length);
  expect(jsonRows({ a: [1], b: 2 }, new Set(['/a'])).map((r) => r.text)).toEqual(['{ 2 }', '[ 1 ]', '2']);
  expect(jsonRows([], new Set())).toHaveLength(1);
});

test('a large JSON document opens two levels deep', () => {
  const big = { rows: Array.from({ length: 300 }, (_, i) => ({ i, more: { deep: i } })) };
  const closed = firstClosed(big);
  expect(jsonRows(big, closed)).toHaveLength(302);
  expect(firstClosed({ a: { b: { c: 1 } } }).size).toBe(0);
});

test('a notebook gives words, code and plain outputs; its HTML and scripts are left', () => {
  const book = parseNotebook(JSON.stringify({
    nbformat: 4, metadata: { language_info: { name: 'python' } },
    cells: [
      { cell_type: 'markdown', source: ['# Title\n', 'words'] },
      {
        cell_type: 'code', execution_count: 3, source: 'df', outputs: [
          { output_type: 'execute_result', data: { 'text/html': '<script>1</script>', 'text/plain': ['   a\n', '0  1'] } },
          { output_type: 'display_data', data: { 'image/png': 'aGk=\n' } },
          { output_type: 'error', ename: 'ValueError', evalue: 'no', traceback: [] },
          { output_type: 'display_data', data: { 'application/javascript': 'alert(1)' } },
        ],
      },
    ],
  }))!;
  expect(book.language).toBe('python');
  expect(book.cells[0]).toMatchObject({ kind: 'markdown', source: '# Title\nwords' });
  expect(book.cells[1]!.outputs).toEqual([
    { kind: 'text', text: '   a\n0  1' }, { kind: 'picture', type: 'image/png', base64: 'aGk=' },
    { kind: 'error', text: 'ValueError: no' }, { kind: 'unshown', types: ['application/javascript'] },
  ]);
  expect(parseNotebook('{"a":1}')).toBeNull();
  expect(parseNotebook('no json')).toBeNull();
  expect(parseNotebook('[]')).toBeNull();
  expect(new TextDecoder().decode(fromBase64('aGk=')!)).toBe('hi');
  expect(fromBase64('%')).toBeNull();
});

test('YAML is coloured and never changed', () => {
  const roles = (line: string) => yamlPieces(line).map(({ role, text }) => `${role}:${text.trim()}`);
  expect(roles('trees: 100 # many')).toEqual(['key:trees', 'mark::', 'number:100', 'comment:# many']);
  expect(roles('- name: "a # b"')).toEqual(['mark:-', 'key:name', 'mark::', 'string:"a # b"']);
  expect(roles('  on: true')).toEqual(['mark:', 'key:on', 'mark::', 'word:true']);
  expect(roles('!!js/function "x"')).toEqual(['plain:!!js/function "x"']);
  for (const line of ['', '- - 1', 'a:b', 'url: http://x#y', '"k": v', '%TAG', '# only']) expect(yamlPieces(line).map((p) => p.text).join('')).toBe(line);
});
