// How a file is shown, by its name; files of no known name show as text where their bytes are text.
export type PreviewKind = 'image' | 'table' | 'json' | 'text' | 'none';

const kinds: Record<string, PreviewKind> = {
  png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', webp: 'image', avif: 'image', bmp: 'image', ico: 'image', svg: 'image',
  csv: 'table', tsv: 'table',
  json: 'json', ipynb: 'json', geojson: 'json',
  zip: 'none', gz: 'none', bz2: 'none', xz: 'none', zst: 'none', tar: 'none', '7z': 'none', pdf: 'none', parquet: 'none', onnx: 'none',
  pt: 'none', pth: 'none', safetensors: 'none', h5: 'none', npy: 'none', npz: 'none', pkl: 'none', joblib: 'none', mp4: 'none', wav: 'none',
  mp3: 'none', dll: 'none', so: 'none', exe: 'none', woff2: 'none',
};

export function previewKind(path: string): PreviewKind {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? 'text' : kinds[name.slice(dot + 1).toLowerCase()] ?? 'text';
}

/** Text in UTF-8, or null where the bytes are no text. */
export function decodeText(bytes: Uint8Array, truncated: boolean): string | null {
  if (bytes.subarray(0, 8192).includes(0)) return null;
  try {
    // In a cut file the last character may be cut too; streaming mode keeps it back instead of refusing it.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: truncated });
  } catch {
    return null;
  }
}

/** JSON set out in lines; as it is where it does not parse (cut off, or several documents). */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
