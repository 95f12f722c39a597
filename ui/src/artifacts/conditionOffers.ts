// What could come next in the condition of a gate, at the cursor: a metric, a comparison, or what joins comparisons.

export interface Offer {
  label: string;
  insert: string;
  detail: string;
}

export interface Offers {
  /** The part of the text that an offer takes the place of. */
  from: number;
  to: number;
  offers: Offer[];
}

const mostOffered = 40;
const token = /\s+|(?<number>\.?\d[\w.]*)|(?<metric>[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]*|\[(?:'[^']*'?|"[^"]*"?)?\]?)*)|(?<sign><=|>=|==|!=|&&|\|\||[-+*/<>!()=&|])/gu;

const comparisons: readonly Offer[] = [
  { label: '<', insert: '<', detail: 'less' }, { label: '<=', insert: '<=', detail: 'at most' }, { label: '>', insert: '>', detail: 'greater' },
  { label: '>=', insert: '>=', detail: 'at least' },
];
const joins: readonly Offer[] = [{ label: '&&', insert: '&&', detail: 'and' }, { label: '||', insert: '||', detail: 'or' }];

/** How a condition names a metric: dots and plain words as they are, everything else in quotes. */
export function metricTerm(key: string, owner = ''): string {
  const head = owner === '' ? 'metrics' : `${owner}.metrics`;
  if (/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}\p{N}_]+)*$/u.test(key)) return `${head}.${key}`;
  return `${head}[${key.includes("'") ? `"${key}"` : `'${key}'`}]`;
}

/** `alias` is the one that the gate stands before: by it the condition names the holder. */
export function conditionOffers(text: string, caret: number, metrics: readonly string[], alias: string): Offers {
  const head = text.slice(0, caret);
  let from = caret;
  let expected: 'metric' | 'sign' | 'join' = 'metric';
  let compared = false;
  for (const match of head.matchAll(token)) {
    const { number, metric, sign } = match.groups!;
    const open = match.index + match[0].length === caret;
    if (metric !== undefined && /^(and|or|not)$/.test(metric) && !open) [expected, compared] = ['metric', metric === 'not' && compared];
    else if (metric !== undefined && open) from = match.index;
    else if (number !== undefined || metric !== undefined || sign === ')') expected = compared ? 'join' : 'sign';
    else if (sign !== undefined) {
      if (sign === '&&' || sign === '||') compared = false;
      else if (/^[<>=!]=?$/.test(sign) && sign !== '!') compared = true;
      expected = 'metric';
    }
  }
  const typed = head.slice(from).toLowerCase();
  if (expected === 'metric') return { from, to: caret, offers: metricOffers(typed, metrics, alias) };
  const offered = expected === 'sign' ? comparisons : joins;
  return { from, to: caret, offers: typed === '' ? [...offered] : [] };
}

function metricOffers(typed: string, metrics: readonly string[], alias: string): Offer[] {
  const all = metrics.flatMap((key): Offer[] => [
    { label: metricTerm(key), insert: metricTerm(key), detail: 'of the version that wants it' },
    ...(/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(alias) ? [{ label: metricTerm(key, alias), insert: metricTerm(key, alias), detail: `of the one that has ${alias}` }] : []),
  ]);
  const matching = typed === '' ? all : all.filter(({ label }) => label.toLowerCase().includes(typed) && label.toLowerCase() !== typed);
  const rank = ({ label }: Offer) => (label.toLowerCase().startsWith(typed) || label.toLowerCase().startsWith(`metrics.${typed}`) ? 0 : 1);
  return matching.sort((a, b) => rank(a) - rank(b)).slice(0, mostOffered);
}

/** The text with an offer put in, ready for what comes next. */
export function takeOffer(text: string, { from, to }: Offers, insert: string): { text: string; caret: number } {
  const rest = text.slice(to).replace(/^[\p{L}\p{N}_.-]*/u, '');
  const head = `${text.slice(0, from)}${insert}`;
  return rest.startsWith(' ') ? { text: head + rest, caret: head.length + 1 } : { text: `${head} ${rest}`, caret: head.length + 1 };
}
