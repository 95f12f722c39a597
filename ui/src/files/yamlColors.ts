// YAML line by line as pieces with a role, for colours only: nothing is parsed, no tag or anchor means anything.
export type YamlRole = 'key' | 'string' | 'number' | 'word' | 'comment' | 'mark' | 'plain';

export interface YamlPiece {
  role: YamlRole;
  text: string;
}

const keyLine = /^(\s*(?:- +)*)([^\s#'"\-[{&*!|>%@`][^#:]*|"[^"]*"|'[^']*')(:)(?=\s|$)/;
const scalar = /^(\s*)([-+]?(?:\d[\d_]*)(?:\.\d+)?(?:[eE][-+]?\d+)?|\.inf|-\.inf|\.nan)(\s*)$/;
const word = /^(\s*)(true|false|null|yes|no|on|off|~)(\s*)$/i;

export function yamlPieces(line: string): YamlPiece[] {
  const pieces: YamlPiece[] = [];
  let rest = line;
  const key = keyLine.exec(rest);
  if (key) {
    pieces.push({ role: 'mark', text: key[1]! }, { role: 'key', text: key[2]! }, { role: 'mark', text: key[3]! });
    rest = rest.slice(key[0].length);
  } else {
    const dash = /^\s*(?:- +|-$)+/.exec(rest);
    if (dash) {
      pieces.push({ role: 'mark', text: dash[0] });
      rest = rest.slice(dash[0].length);
    }
  }
  const comment = /(^|\s)#.*$/.exec(withoutQuotes(rest));
  const value = comment ? rest.slice(0, comment.index) : rest;
  if (value !== '') pieces.push({ role: roleOf(value), text: value });
  if (comment) pieces.push({ role: 'comment', text: rest.slice(comment.index) });
  return pieces.filter(({ text }) => text !== '');
}

/** The same length, with what stands in quotes blotted out. */
function withoutQuotes(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => '_'.repeat(quoted.length));
}

function roleOf(value: string): YamlRole {
  if (scalar.test(value)) return 'number';
  if (word.test(value)) return 'word';
  return /^\s*["']/.test(value) ? 'string' : 'plain';
}
