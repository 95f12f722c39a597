// What could be typed next in the filter, at the cursor: a key, an operator, a value or a word that joins comparisons.

export type Expected = 'key' | 'operator' | 'value' | 'join';

export interface Place {
  expected: Expected;
  /** The part of the text that a completion takes the place of: from the start of the word at the cursor. */
  from: number;
  to: number;
  typed: string;
  /** What the comparison is about, where an operator or a value is expected: as it was written. */
  field: string | null;
  /** Within the list of an IN. */
  listed: boolean;
}

interface Token {
  kind: 'word' | 'text' | 'operator' | 'open' | 'close' | 'comma';
  from: number;
  to: number;
  text: string;
}

const pattern = /\s+|(?<open>\()|(?<close>\))|(?<comma>,)|(?<operator><=|>=|!=|<>|[<>=!]+)|(?<text>'[^']*'?|"[^"]*"?)|(?<word>(?:`[^`]*`?|"[^"]*"|[^\s()<>=!,'"])+)/gy;

function read(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match?.groups; match = pattern.exec(text)) {
    const kind = (Object.entries(match.groups).find(([, value]) => value !== undefined)?.[0] ?? null) as Token['kind'] | null;
    if (kind !== null) tokens.push({ kind, from: match.index, to: pattern.lastIndex, text: match[0] });
    if (pattern.lastIndex >= text.length) break;
  }
  return tokens;
}

const wordOperators = /^(like|ilike|rlike|in)$/i;

export function placeAt(whole: string, caret: number): Place {
  const text = whole.slice(0, caret);
  const tokens = read(text);
  const last = tokens.at(-1);
  // A word that ends at the cursor is still being typed; so is a text without its closing quote.
  const open = last && last.to === caret && (last.kind === 'word' || (last.kind === 'text' && (last.text.length === 1 || last.text.at(-1) !== last.text[0])));
  const done = open ? tokens.slice(0, -1) : tokens;

  let expected: Expected = 'key';
  let field: string | null = null;
  let listed = false;
  for (const token of done) {
    if (listed) {
      if (token.kind === 'close') [listed, expected] = [false, 'join'];
      continue;
    }
    switch (expected) {
      case 'key':
        if (token.kind === 'word' && !/^not$/i.test(token.text)) [expected, field] = ['operator', token.text];
        break;
      case 'operator':
        if (token.kind === 'operator' || wordOperators.test(token.text)) expected = 'value';
        break;
      case 'value':
        if (token.kind === 'open') listed = true;
        else expected = 'join';
        break;
      case 'join':
        if (/^(and|or)$/i.test(token.text)) [expected, field] = ['key', null];
        break;
    }
  }
  if (listed) expected = 'value';
  const from = open ? last!.from : caret;
  return { expected, from, to: caret, typed: text.slice(from), field: expected === 'operator' || expected === 'value' ? field : null, listed };
}

/** The value as the grammar wants it. */
export function quoted(value: string): string {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}

/** What was typed of a value, without its quote. */
export const unquoted = (typed: string): string => typed.replace(/^['"]/, '').replace(/['"]$/, '');

/** The text with a completion put in, and where the cursor then stands: after a blank, ready for what comes next. */
export function complete(whole: string, place: Place, insert: string): { text: string; caret: number } {
  const rest = whole.slice(place.to).replace(/^[^\s()<>=!,]*/, '');
  const gap = rest.startsWith(' ') ? '' : ' ';
  const head = whole.slice(0, place.from) + insert + (place.listed ? '' : gap);
  return { text: head + (place.listed ? rest : rest.replace(/^ +/, gap === '' ? ' ' : '')), caret: head.length + (gap === '' && !place.listed ? 1 : 0) };
}
