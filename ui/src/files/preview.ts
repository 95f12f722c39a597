// How a file is shown, by its name; files of no known name show as text where their bytes are text.
export type PreviewKind = 'image' | 'table' | 'parquet' | 'json' | 'yaml' | 'markdown' | 'notebook' | 'html' | 'patch' | 'text' | 'none';

const kinds: Record<string, PreviewKind> = {
  png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', webp: 'image', avif: 'image', bmp: 'image', ico: 'image', svg: 'image',
  csv: 'table', tsv: 'table',
  parquet: 'parquet', pq: 'parquet',
  json: 'json', geojson: 'json',
  ipynb: 'notebook',
  yaml: 'yaml', yml: 'yaml',
  md: 'markdown', markdown: 'markdown',
  patch: 'patch', diff: 'patch',
  html: 'html', htm: 'html',
  zip: 'none', gz: 'none', bz2: 'none', xz: 'none', zst: 'none', tar: 'none', '7z': 'none', pdf: 'none', onnx: 'none',
  pt: 'none', pth: 'none', safetensors: 'none', h5: 'none', npy: 'none', npz: 'none', pkl: 'none', joblib: 'none', mp4: 'none', wav: 'none',
  mp3: 'none', dll: 'none', so: 'none', exe: 'none', woff2: 'none',
};

/** Files without an extension whose form is known by their name. */
const names: Record<string, PreviewKind> = { mlmodel: 'yaml', mlproject: 'yaml', readme: 'markdown' };

export function previewKind(path: string): PreviewKind {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const known = dot < 0 ? names : kinds;
  const key = dot < 0 ? name : name.slice(dot + 1);
  return Object.hasOwn(known, key) ? known[key]! : 'text';
}

/** Kinds that are set out for reading, and can also be shown as the text that they are. */
export function hasSource(kind: PreviewKind): boolean {
  return kind === 'table' || kind === 'json' || kind === 'markdown' || kind === 'notebook' || kind === 'html' || kind === 'yaml' || kind === 'patch';
}

/** Text in UTF-8, or null where the bytes are no text. */
export function decodeText(bytes: Uint8Array, truncated: boolean): string | null {
  const head = bytes.subarray(0, 8192);
  // Logs may hold colours and rubouts; more of what no keyboard types is no text.
  const odd = head.reduce((sum, byte) => sum + Number(byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27 && byte !== 8 && byte !== 12), 0);
  if (head.includes(0) || odd > head.length / 20) return null;
  try {
    // In a cut file the last character may be cut too; streaming mode keeps it back instead of refusing it.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: truncated });
  } catch {
    return null;
  }
}
