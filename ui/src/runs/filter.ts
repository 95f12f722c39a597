// What is typed into the filter box → the filter that is sent. The grammar is MLflow's; words without any comparison
// mean "the name contains this".

const comparison = /[<>=!]|\s(not\s+)?(i?like|rlike|in)\s|\sis\s+(not\s+)?null/i;

export function toFilter(typed: string): string | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  if (comparison.test(text)) return text;
  const quote = text.includes("'") ? '"' : "'";
  return `attributes.run_name ILIKE ${quote}%${text.replaceAll(quote, '')}%${quote}`;
}

/** `metrics.loss`, and metrics.`train/loss` where the key is no plain word. */
export function identifier(kind: 'metrics' | 'params' | 'tags', key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) return `${kind}.${key}`;
  return key.includes('`') ? `${kind}."${key}"` : `${kind}.\`${key}\``;
}
