// A patch (unified diff, as git writes it) → its files and lines.

export interface PatchLine {
  kind: 'same' | 'added' | 'removed' | 'hunk' | 'note';
  text: string;
}

export interface PatchFile {
  name: string;
  added: number;
  removed: number;
  lines: PatchLine[];
}

export function parsePatch(text: string): PatchFile[] {
  const files: PatchFile[] = [];
  let file: PatchFile | null = null;
  let inHunk = false;
  const start = (name: string) => {
    file = { name, added: 0, removed: 0, lines: [] };
    files.push(file);
    inHunk = false;
  };
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const git = /^diff --git a\/(.+?) b\/(.+)$/.exec(line);
    if (git) {
      start(git[2]!);
      continue;
    }
    if (!inHunk && line.startsWith('--- ')) {
      // A patch that git did not write has no line of its own for a new file.
      if (file === null || (file as PatchFile).lines.some(({ kind }) => kind === 'hunk')) start(line.slice(4).replace(/^a\//, ''));
      continue;
    }
    if (!inHunk && line.startsWith('+++ ')) {
      const name = line.slice(4).replace(/^b\//, '').split('\t')[0]!;
      if (file !== null && name !== '/dev/null') (file as PatchFile).name = name;
      continue;
    }
    if (file === null) {
      if (line.trim() === '') continue;
      start('');
    }
    const at = file as unknown as PatchFile;
    if (line.startsWith('@@')) {
      inHunk = true;
      at.lines.push({ kind: 'hunk', text: line });
    } else if (inHunk && line.startsWith('+')) {
      at.added++;
      at.lines.push({ kind: 'added', text: line.slice(1) });
    } else if (inHunk && line.startsWith('-')) {
      at.removed++;
      at.lines.push({ kind: 'removed', text: line.slice(1) });
    } else if (inHunk && line.startsWith(' ')) at.lines.push({ kind: 'same', text: line.slice(1) });
    else at.lines.push({ kind: 'note', text: line });
  }
  return files;
}
