// Jupyter notebooks (nbformat 3 and 4) → cells to show. Only text and raster pictures are taken from outputs: their HTML,
// scripts and widgets are not, every such output has a plain form beside it.

export type CellOutput =
  | { kind: 'text'; text: string }
  | { kind: 'error'; text: string }
  | { kind: 'picture'; type: string; base64: string }
  | { kind: 'unshown'; types: string[] };

export interface NotebookCell {
  kind: 'markdown' | 'code' | 'raw';
  source: string;
  count: number | null;
  outputs: CellOutput[];
}

export interface Notebook {
  language: string;
  cells: NotebookCell[];
}

type Raw = Record<string, unknown>;

/** The notebook, or null where the text is none. */
export function parseNotebook(text: string): Notebook | null {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRaw(root)) return null;
  const sheets = Array.isArray(root['worksheets']) ? root['worksheets'] : [root];
  const cells = sheets.flatMap((sheet: unknown) => (isRaw(sheet) && Array.isArray(sheet['cells']) ? sheet['cells'] : [])).filter(isRaw);
  if (cells.length === 0 && !Array.isArray(root['cells'])) return null;
  const metadata = isRaw(root['metadata']) ? root['metadata'] : {};
  const info = isRaw(metadata['language_info']) ? metadata['language_info'] : {};
  return { language: typeof info['name'] === 'string' ? info['name'] : '', cells: cells.map(readCell) };
}

function readCell(cell: Raw): NotebookCell {
  const type = cell['cell_type'];
  const level = type === 'heading' ? `${'#'.repeat(Math.min(6, Number(cell['level']) || 1))} ` : '';
  const count = cell['execution_count'] ?? cell['prompt_number'];
  return {
    kind: type === 'code' ? 'code' : type === 'markdown' || type === 'heading' ? 'markdown' : 'raw',
    source: level + joined(cell['source'] ?? cell['input']),
    count: typeof count === 'number' ? count : null,
    outputs: (Array.isArray(cell['outputs']) ? cell['outputs'] : []).filter(isRaw).map(readOutput),
  };
}

const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function readOutput(output: Raw): CellOutput {
  if (output['output_type'] === 'stream') return { kind: 'text', text: joined(output['text']) };
  if (output['output_type'] === 'error' || output['output_type'] === 'pyerr') {
    const trace = Array.isArray(output['traceback']) ? output['traceback'].join('\n') : '';
    return { kind: 'error', text: trace !== '' ? trace : `${String(output['ename'] ?? 'Error')}: ${String(output['evalue'] ?? '')}` };
  }
  // nbformat 3 keeps the forms of an output beside each other, under short names.
  const data: Raw = isRaw(output['data']) ? output['data'] : { 'image/png': output['png'], 'image/jpeg': output['jpeg'], 'text/plain': output['text'] };
  for (const type of pictures) {
    const base64 = joined(data[type]).replaceAll(/\s/g, '');
    if (base64 !== '') return { kind: 'picture', type, base64 };
  }
  const text = joined(data['text/plain']);
  return text !== '' ? { kind: 'text', text } : { kind: 'unshown', types: Object.keys(data) };
}

function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((part) => typeof part === 'string').join('') : '';
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The bytes of base64, or null where it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
