import type { RunValues } from '../api/types';
import { formatNumber } from '../format/numbers';
import { type Place, quoted, unquoted } from './completion';
import { identifier } from './filter';
import type { Keys } from './columns';

export interface Suggestion {
  label: string;
  /** null for what is only told, and cannot be chosen. */
  insert: string | null;
  detail?: string;
}

const mostShown = 60;

const attributes: readonly (readonly [string, string])[] = [
  ['status', 'FINISHED, RUNNING, FAILED …'], ['run_name', 'name'], ['user_id', 'author'], ['job_type', 'kind of work'],
  ['start_time', 'Unix milliseconds'], ['end_time', 'Unix milliseconds'], ['duration', 'milliseconds'], ['run_id', ''], ['parent_run_id', 'the run that launched it'],
];

const comparisons: readonly Suggestion[] = [
  { label: '=', insert: '=', detail: 'equal' }, { label: '!=', insert: '!=', detail: 'not equal' }, { label: '<', insert: '<', detail: 'less' },
  { label: '<=', insert: '<=' }, { label: '>', insert: '>', detail: 'greater' }, { label: '>=', insert: '>=' },
];
const textual: readonly Suggestion[] = [
  { label: 'LIKE', insert: 'LIKE', detail: 'a pattern: % is anything, _ one character' }, { label: 'ILIKE', insert: 'ILIKE', detail: 'a pattern, ignoring case' },
  { label: 'RLIKE', insert: 'RLIKE', detail: 'a regular expression' }, { label: 'IN', insert: 'IN (', detail: 'one of several' },
];

/** What to offer at a place of the filter; `values` are the field's, where a value is expected. */
export function suggestions(place: Place, keys: Keys, values: RunValues | undefined): Suggestion[] {
  switch (place.expected) {
    case 'key': return keysLike(place.typed, keys);
    case 'operator': return operators(place.field!).filter(({ label }) => label.toLowerCase().startsWith(place.typed.toLowerCase()));
    case 'join': return [{ label: 'and', insert: 'and' }, { label: 'or', insert: 'or' }].filter(({ label }) => label.startsWith(place.typed.toLowerCase()) && label !== place.typed);
    case 'value': return valuesLike(place, values);
  }
}

function keysLike(typed: string, keys: Keys): Suggestion[] {
  const wanted = typed.toLowerCase().replaceAll('`', '');
  const kinds = [['metrics', 'metric'], ['params', 'parameter'], ['tags', 'tag']] as const;
  const found = kinds.flatMap(([kind, word]) => keys[kind]
    .filter((key) => `${kind}.${key}`.toLowerCase().includes(wanted) && (kind !== 'tags' || wanted !== '' || !/^(mlflow|cairn)\./.test(key)))
    .map((key): Suggestion => ({ label: identifier(kind, key), insert: identifier(kind, key), detail: word })));
  const named = attributes.filter(([name]) => name.includes(wanted)).map(([name, detail]): Suggestion => ({ label: name, insert: name, detail: detail || 'run' }));
  // What begins so comes before what holds it somewhere.
  const begins = ({ label }: Suggestion) => (label.toLowerCase().replaceAll('`', '').split('.').slice(-1)[0]!.startsWith(wanted) || label.toLowerCase().startsWith(wanted) ? 0 : 1);
  const all = (wanted === '' ? [...named, ...found] : [...found, ...named].sort((a, b) => begins(a) - begins(b)));
  return all.length === 1 && all[0]!.insert === typed ? [] : all.slice(0, mostShown);
}

function operators(field: string): readonly Suggestion[] {
  const isNumber = /^metrics?\./i.test(field) || /(^|\.)((start|end)_time|duration)$/.test(field);
  return isNumber ? comparisons : [...comparisons.slice(0, 2), ...textual, ...(/^param/i.test(field) ? comparisons.slice(2) : [])];
}

function valuesLike(place: Place, values: RunValues | undefined): Suggestion[] {
  if (!values) return [];
  const typed = unquoted(place.typed);
  const range = values.least !== null && values.least !== undefined && values.greatest !== null && values.greatest !== undefined
    ? [{ label: `from ${formatNumber(values.least)} to ${formatNumber(values.greatest)}, in ${values.runs} runs`, insert: null }] : [];
  const options = values.values.filter(({ value }) => value !== typed || place.typed === '')
    .map(({ value, runs }): Suggestion => ({ label: value, insert: quoted(value), detail: `${runs} ${runs === 1 ? 'run' : 'runs'}` }));
  return [...range, ...options];
}
