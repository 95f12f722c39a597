// Flat paths → the rows of a tree: folders first, then files, each by name.
export interface FileEntry {
  path: string;
  size: number;
}

export interface FileRow {
  /** Path of the file, or of the folder without a slash at its end. */
  path: string;
  name: string;
  depth: number;
  kind: 'file' | 'folder';
  /** Bytes: of a folder, of all files in it. */
  size: number;
  /** Files in the folder, at any depth. */
  files: number;
}

interface Folder {
  folders: Map<string, Folder>;
  files: FileEntry[];
  size: number;
  count: number;
}

const newFolder = (): Folder => ({ folders: new Map(), files: [], size: 0, count: 0 });

/** The rows that are seen while the named folders are closed. */
export function fileRows(entries: readonly FileEntry[], closed: ReadonlySet<string>): FileRow[] {
  const root = newFolder();
  for (const entry of entries) {
    let folder = root;
    for (const part of entry.path.split('/').slice(0, -1)) {
      let next = folder.folders.get(part);
      if (!next) folder.folders.set(part, (next = newFolder()));
      folder = next;
      folder.size += entry.size;
      folder.count++;
    }
    folder.files.push(entry);
  }
  const rows: FileRow[] = [];
  append(rows, root, '', 0, closed);
  return rows;
}

function append(rows: FileRow[], folder: Folder, prefix: string, depth: number, closed: ReadonlySet<string>): void {
  for (const [name, inner] of [...folder.folders].sort(([a], [b]) => byName(a, b))) {
    const path = prefix + name;
    rows.push({ path, name, depth, kind: 'folder', size: inner.size, files: inner.count });
    if (!closed.has(path)) append(rows, inner, `${path}/`, depth + 1, closed);
  }
  const files = folder.files.map((entry) => ({ entry, name: entry.path.slice(prefix.length) }));
  for (const { entry, name } of files.sort((a, b) => byName(a.name, b.name))) {
    rows.push({ path: entry.path, name, depth, kind: 'file', size: entry.size, files: 1 });
  }
}

// "checkpoint-9" before "checkpoint-10".
const collator = new Intl.Collator('en', { numeric: true });
const byName = (a: string, b: string) => collator.compare(a, b);

/** The file worth showing first: a readme, else a table or picture, else the first. */
export function firstFile(entries: readonly FileEntry[]): string | undefined {
  const liked = [/(^|\/)readme(\.\w+)?$/i, /\.(csv|tsv)$/i, /\.(png|jpe?g|svg|webp)$/i, /\.(json|md|txt|ya?ml)$/i];
  for (const pattern of liked) {
    const hit = entries.find(({ path }) => pattern.test(path));
    if (hit) return hit.path;
  }
  return entries[0]?.path;
}
