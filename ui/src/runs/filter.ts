import type { RunRow } from '../api/types';
import type { Column } from './columns';

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

/** Both filters: what holds an "or" is put into parentheses. */
export function both(filter: string | undefined, and: string): string {
  const before = toFilter(filter ?? '');
  return before === undefined ? and : `${/\bor\b/i.test(before) ? `(${before})` : before} and ${and}`;
}

/** `metrics.loss`, and metrics.`train/loss` where the key is no plain word. */
export function identifier(kind: 'metrics' | 'params' | 'tags', key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) return `${kind}.${key}`;
  return key.includes('`') ? `${kind}."${key}"` : `${kind}.\`${key}\``;
}

/** The comparison that holds for runs with the same value in a column; null where there is none to compare with. */
export function likeFilter(column: Column, { run, params, tags, metrics }: RunRow): string | null {
  const text = (value: string) => (value.includes("'") ? (value.includes('"') ? null : `"${value}"`) : `'${value}'`);
  const same = (field: string, value: string | null | undefined) => {
    const quoted = value === null || value === undefined ? null : text(value);
    return quoted === null ? null : `${field} = ${quoted}`;
  };
  switch (column.kind) {
    case 'params': {
      const value = params[column.key];
      // As a number: 0.10 and 0.1 are the same, whatever was written.
      if (typeof value === 'number') return `${identifier('params', column.key)} = ${value}`;
      return value === undefined ? null : same(identifier('params', column.key), typeof value === 'string' ? value : JSON.stringify(value));
    }
    case 'tags': return same(identifier('tags', column.key), tags[column.key]);
    case 'metrics': {
      const value = metrics[column.key];
      return typeof value === 'number' ? `${identifier('metrics', column.key)} = ${value}` : null;
    }
    case 'attribute': break;
  }
  switch (column.id) {
    case 'name': return same('run_name', run.name);
    case 'status': return same('status', run.status === 'crashed' ? 'FAILED' : run.status.toUpperCase());
    case 'jobType': return same('job_type', run.jobType);
    case 'author': return same('user_id', run.author);
    default: return null;
  }
}
