// Markdown → a tree of blocks, for showing text that strangers wrote: headings, paragraphs, lists, tasks, quotes, code,
// tables, rules; emphasis, code, links, pictures. HTML in it is text like any other. The tree holds plain strings only.

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'em' | 'strike'; inner: Inline[] }
  | { kind: 'link'; href: string; inner: Inline[] }
  | { kind: 'image'; src: string; alt: string }
  | { kind: 'break' };

export type Block =
  | { kind: 'heading'; level: number; inner: Inline[] }
  | { kind: 'paragraph'; inner: Inline[] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'quote'; inner: Block[] }
  | { kind: 'list'; ordered: boolean; start: number; items: { done: boolean | null; inner: Block[] }[] }
  | { kind: 'table'; align: ('left' | 'right' | 'center' | null)[]; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

/** Deeper nesting than people write; what lies below is shown as plain text. */
const deepest = 12;

/** A paragraph longer than this is shown as it is: looking for marks in it could take very long. */
const longest = 8_000;

export function parseMarkdown(text: string): Block[] {
  return blocks(text.replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n'), 0);
}

const fence = /^ {0,3}(`{3,}|~{3,})\s*([^`\s]*)[^`]*$/;
const heading = /^ {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$/;
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const item = /^( {0,3})([-*+]|\d{1,9}[.)])( {1,4}(?=\S)|$| +)(.*)$/;
const tableRule = /^ {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function blocks(lines: readonly string[], depth: number): Block[] {
  const found: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === '') {
      at++;
      continue;
    }
    const opened = fence.exec(line);
    if (opened) {
      const end = closingFence(lines, at + 1, opened[1]!);
      found.push({ kind: 'code', language: opened[2]!, text: lines.slice(at + 1, end).join('\n') });
      at = end + 1;
      continue;
    }
    const titled = heading.exec(line);
    if (titled) {
      found.push({ kind: 'heading', level: titled[1]!.length, inner: inlines(titled[2] ?? '') });
      at++;
    } else if (rule.test(line)) {
      found.push({ kind: 'rule' });
      at++;
    } else if (/^ {0,3}>/.test(line) && depth < deepest) {
      const quoted: string[] = [];
      for (; at < lines.length && /^ {0,3}>/.test(lines[at]!); at++) quoted.push(lines[at]!.replace(/^ {0,3}> ?/, ''));
      found.push({ kind: 'quote', inner: blocks(quoted, depth + 1) });
    } else if (item.test(line) && depth < deepest) {
      const [list, next] = readList(lines, at, depth);
      found.push(list);
      at = next;
    } else if (line.includes('|') && tableRule.test(lines[at + 1] ?? '') && (lines[at + 1] ?? '').includes('-')) {
      const [table, next] = readTable(lines, at);
      found.push(table);
      at = next;
    } else if (/^ {4}/.test(line)) {
      const code: string[] = [];
      for (; at < lines.length && (/^ {4}/.test(lines[at]!) || lines[at]!.trim() === ''); at++) code.push(lines[at]!.slice(4));
      found.push({ kind: 'code', language: '', text: code.join('\n').trimEnd() });
    } else {
      const words: string[] = [];
      for (; at < lines.length && !(words.length > 0 && startsBlock(lines[at]!)); at++) words.push(lines[at]!.trimStart());
      found.push({ kind: 'paragraph', inner: inlines(words.join('\n')) });
    }
  }
  return found;
}

function startsBlock(line: string): boolean {
  return line.trim() === '' || fence.test(line) || heading.test(line) || rule.test(line) || /^ {0,3}>/.test(line) || item.test(line);
}

function closingFence(lines: readonly string[], from: number, mark: string): number {
  for (let at = from; at < lines.length; at++) {
    const line = lines[at]!.trim();
    if (line.length >= mark.length && line === mark[0]!.repeat(line.length)) return at;
  }
  return lines.length;
}

function readList(lines: readonly string[], from: number, depth: number): [Block, number] {
  const first = item.exec(lines[from]!)!;
  const ordered = /\d/.test(first[2]!);
  const items: { done: boolean | null; inner: Block[] }[] = [];
  let at = from;
  while (at < lines.length) {
    const match = item.exec(lines[at]!);
    if (!match || /\d/.test(match[2]!) !== ordered || rule.test(lines[at]!)) break;
    const indent = match[1]!.length + match[2]!.length + Math.max(1, match[3]!.length);
    const inside = [match[4]!];
    at++;
    for (; at < lines.length; at++) {
      const line = lines[at]!;
      const blank = line.trim() === '';
      const deep = leadingSpaces(line) >= Math.min(indent, 2) && leadingSpaces(line) > match[1]!.length;
      if (blank ? !continues(lines, at, match[1]!.length) : !deep && (startsBlock(line) || inside.at(-1)!.trim() === '')) break;
      inside.push(blank ? '' : line.slice(Math.min(indent, leadingSpaces(line))));
    }
    const task = /^\[([ xX])\] +/.exec(inside[0]!);
    if (task) inside[0] = inside[0]!.slice(task[0].length);
    items.push({ done: task ? task[1] !== ' ' : null, inner: blocks(inside, depth + 1) });
    // Blank lines may stand between the items of one list.
    let next = at;
    while (next < lines.length && lines[next]!.trim() === '') next++;
    if (next < lines.length && item.test(lines[next]!)) at = next;
  }
  return [{ kind: 'list', ordered, start: ordered ? Number.parseInt(first[2]!, 10) : 1, items }, at];
}

/** Whether the text after blank lines still belongs to the item. */
function continues(lines: readonly string[], at: number, outer: number): boolean {
  while (at < lines.length && lines[at]!.trim() === '') at++;
  return at < lines.length && leadingSpaces(lines[at]!) > outer + 1;
}

function leadingSpaces(line: string): number {
  return line.length - line.trimStart().length;
}

function readTable(lines: readonly string[], from: number): [Block, number] {
  const head = cells(lines[from]!);
  const align = cells(lines[from + 1]!).map((cell) => (/^:-+:$/.test(cell) ? 'center' : cell.endsWith(':') ? 'right' : cell.startsWith(':') ? 'left' : null) as 'left' | 'right' | 'center' | null);
  const rows: Inline[][][] = [];
  let at = from + 2;
  for (; at < lines.length && lines[at]!.includes('|') && lines[at]!.trim() !== ''; at++) {
    const row = cells(lines[at]!);
    rows.push(head.map((_, i) => inlines(row[i] ?? '')));
  }
  return [{ kind: 'table', align, head: head.map((cell) => inlines(cell)), rows }, at];
}

function cells(line: string): string[] {
  return line.trim().replace(/^\|/, '').replace(/(?<!\\)\|$/, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
}

// In the order in which they are tried: escapes and code come first, since nothing in them means anything.
const pattern = new RegExp([
  /\\(?<escaped>[!-/:-@[-`{-~])/,
  /(?<ticks>`+)(?<code>[^`]|[^`][\s\S]*?[^`])\k<ticks>(?!`)/,
  /!\[(?<alt>[^\]\n]*)\]\(\s*<?(?<src>[^\s()<>]*)>?(?:\s+["'][^"'\n]*["'])?\s*\)/,
  /\[(?<label>(?:[^[\]\\]|\\.|!?\[[^\]]*\](?:\([^)]*\))?)+)\]\(\s*<?(?<href>[^\s()<>]*(?:\([^\s()<>]*\))?[^\s()<>]*)>?(?:\s+["'][^"'\n]*["'])?\s*\)/,
  /<(?<auto>https?:\/\/[^\s<>]+)>/,
  /(?<bare>https?:\/\/[^\s<>"'`)\]]*[^\s<>"'`)\].,;:!?])/,
  /(?<strong>\*\*|__)(?=\S)(?<strongText>(?:(?!\k<strong>)[\s\S])*?\S)\k<strong>/,
  /(?<em>\*|(?<![\p{L}\p{N}])_)(?=\S)(?<emText>(?:(?!\k<em>)[\s\S])*?\S)\k<em>(?![\p{L}\p{N}])/u,
  /~~(?=\S)(?<strike>[^~]*\S)~~/,
  /(?<break> {2,}|\\)\n/,
].map(({ source }) => source).join('|'), 'gu');

export function inlines(text: string, depth = 0): Inline[] {
  if (depth > deepest || text.length > longest) return [{ kind: 'text', text }];
  const found: Inline[] = [];
  let from = 0;
  const plain = (words: string) => {
    if (words === '') return;
    const last = found.at(-1);
    if (last?.kind === 'text') last.text += words;
    else found.push({ kind: 'text', text: words });
  };
  for (const match of text.matchAll(pattern)) {
    plain(text.slice(from, match.index));
    from = match.index + match[0].length;
    const g = match.groups!;
    if (g['escaped'] !== undefined) plain(g['escaped']);
    else if (g['code'] !== undefined) found.push({ kind: 'code', text: g['code'].replace(/^ (.*) $/s, '$1') });
    else if (g['src'] !== undefined) found.push({ kind: 'image', src: g['src'], alt: g['alt'] ?? '' });
    else if (g['href'] !== undefined) found.push({ kind: 'link', href: g['href'], inner: inlines(g['label']!, depth + 1) });
    else if (g['auto'] !== undefined) found.push({ kind: 'link', href: g['auto'], inner: [{ kind: 'text', text: g['auto'] }] });
    else if (g['bare'] !== undefined) found.push({ kind: 'link', href: g['bare'], inner: [{ kind: 'text', text: g['bare'] }] });
    else if (g['strongText'] !== undefined) found.push({ kind: 'strong', inner: inlines(g['strongText'], depth + 1) });
    else if (g['emText'] !== undefined) found.push({ kind: 'em', inner: inlines(g['emText'], depth + 1) });
    else if (g['strike'] !== undefined) found.push({ kind: 'strike', inner: inlines(g['strike'], depth + 1) });
    else found.push({ kind: 'break' });
  }
  plain(text.slice(from));
  return found;
}

/**
 * Where a link of a document leads: out to the web or mail, or to a file beside the document. Every other scheme
 * (javascript, data, file …) leads nowhere: null.
 */
export function linkTarget(href: string, documentPath: string): { web: string } | { file: string } | null {
  // Browsers drop control characters and blanks from addresses before they read the scheme; so does this.
  const clean = href.replace(/[\u0000-\u0020\u007f-\u009f]/g, '');
  if (/^(https?:\/\/|mailto:)/i.test(clean)) return { web: clean };
  if (clean === '' || /^[a-z][a-z0-9+.-]*:/i.test(clean) || clean.startsWith('//') || clean.startsWith('\\')) return null;
  let path = clean.split(/[?#]/)[0]!;
  try {
    path = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (path === '') return null;
  const parts = path.startsWith('/') ? [] : documentPath.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else parts.push(part);
  }
  return parts.length === 0 ? null : { file: parts.join('/') };
}
