// Console text with ANSI escapes → pieces of text with a style. Colours and weights (SGR) are kept, every other
// escape is dropped. A carriage return rewrites the line from its start, as a terminal would (progress bars).

export interface AnsiStyle {
  /** 0–15 by the theme's palette, or "#rrggbb". */
  fg?: number | string;
  bg?: number | string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}

export interface AnsiPiece {
  text: string;
  style: AnsiStyle;
}

// CSI sequences, OSC sequences (title, hyperlink) ended by BEL or ST, and two-byte escapes.
const escapes = /\x1b(?:\[([0-9;:?<>=]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\|$)|[ -/]*[0-~])/g;

export function parseAnsi(line: string): AnsiPiece[] {
  const visible = afterCarriageReturns(line);
  if (!visible.includes('\x1b')) return visible === '' ? [] : [{ text: visible, style: {} }];
  const pieces: AnsiPiece[] = [];
  let style: AnsiStyle = {};
  let from = 0;
  for (const match of visible.matchAll(escapes)) {
    append(pieces, visible.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '');
  }
  append(pieces, visible.slice(from), style);
  return pieces;
}

/** The text a reader sees, for search and copying. */
export function stripAnsi(line: string): string {
  return afterCarriageReturns(line).replace(escapes, '');
}

function append(pieces: AnsiPiece[], text: string, style: AnsiStyle): void {
  if (text === '') return;
  const last = pieces.at(-1);
  if (last && last.style === style) last.text += text;
  else pieces.push({ text, style });
}

function afterCarriageReturns(line: string): string {
  if (!line.includes('\r')) return line;
  const parts = line.split('\r').filter((part) => part !== '');
  return parts.at(-1) ?? '';
}

function applySgr(before: AnsiStyle, codes: string): AnsiStyle {
  let style: AnsiStyle = { ...before };
  const list = codes === '' ? [0] : codes.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  for (let i = 0; i < list.length; i++) {
    const code = list[i]!;
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 7) style.inverse = true;
    else if (code === 9) style.strike = true;
    else if (code === 22) { delete style.bold; delete style.dim; }
    else if (code === 23) delete style.italic;
    else if (code === 24) delete style.underline;
    else if (code === 27) delete style.inverse;
    else if (code === 29) delete style.strike;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code === 39) delete style.fg;
    else if (code >= 40 && code <= 47) style.bg = code - 40;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 49) delete style.bg;
    else if (code === 38 || code === 48) {
      const { color, used } = extendedColor(list, i + 1);
      if (color !== undefined) {
        if (code === 38) style.fg = color;
        else style.bg = color;
      }
      i += used;
    }
  }
  return style;
}

/** `5;n` (256 colours) or `2;r;g;b`. */
function extendedColor(list: number[], at: number): { color: number | string | undefined; used: number } {
  if (list[at] === 5) {
    const n = list[at + 1];
    return { color: n === undefined ? undefined : color256(n), used: 2 };
  }
  if (list[at] === 2) {
    const rgb = [list[at + 1], list[at + 2], list[at + 3]];
    if (rgb.some((part) => part === undefined || part > 255)) return { color: undefined, used: 4 };
    return { color: hex(rgb as number[]), used: 4 };
  }
  return { color: undefined, used: 1 };
}

function color256(n: number): number | string | undefined {
  if (n < 16) return n;
  if (n > 255) return undefined;
  if (n >= 232) return hex([0, 0, 0].map(() => 8 + (n - 232) * 10));
  const cube = n - 16;
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  return hex([level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)]);
}

function hex(rgb: number[]): string {
  return `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
