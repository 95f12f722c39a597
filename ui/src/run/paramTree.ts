import type { Json } from '../api/types';

export interface ParamNode {
  /** The part of the key at this level. */
  name: string;
  key: string;
  depth: number;
  /** Absent for a group that holds no value itself. */
  value?: Json;
}

/** Flat dotted keys as rows of a tree; a group that leads to one thing only is drawn together with it. */
export function paramTree(params: Readonly<Record<string, Json>>): ParamNode[] {
  interface Group { value?: Json; has: boolean; inner: Map<string, Group> }
  const root: Group = { has: false, inner: new Map() };
  for (const [key, value] of Object.entries(params)) {
    let at = root;
    for (const part of key.split('.')) {
      let next = at.inner.get(part);
      if (!next) at.inner.set(part, (next = { has: false, inner: new Map() }));
      at = next;
    }
    at.value = value;
    at.has = true;
  }
  const rows: ParamNode[] = [];
  const append = (group: Group, prefix: string, depth: number) => {
    const sorted = [...group.inner].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    for (const [part, first] of sorted) {
      let name = part;
      let inner = first;
      while (!inner.has && inner.inner.size === 1) {
        const [[more, next]] = [...inner.inner] as [[string, Group]];
        name += `.${more}`;
        inner = next;
      }
      const key = prefix + name;
      rows.push({ name, key, depth, ...(inner.has ? { value: inner.value as Json } : {}) });
      append(inner, `${key}.`, depth + 1);
    }
  };
  append(root, '', 0);
  return rows;
}
