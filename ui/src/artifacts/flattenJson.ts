import type { Json } from '../api/types';

/** Nested objects as flat dotted keys; lists stay values. */
export function flattenJson(value: Json): Record<string, Json> {
  const flat: Record<string, Json> = {};
  const visit = (at: Json, prefix: string) => {
    if (at === null || typeof at !== 'object' || Array.isArray(at) || Object.keys(at).length === 0) {
      if (prefix !== '') flat[prefix] = at;
      return;
    }
    for (const [key, inner] of Object.entries(at)) visit(inner, prefix === '' ? key : `${prefix}.${key}`);
  };
  visit(value, '');
  return flat;
}
