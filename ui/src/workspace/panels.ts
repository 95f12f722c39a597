// Panels beside the line charts, as the address has them: "scatter:params.lr,metrics.val/loss;importance:metrics.val/loss".
export const panelKinds = ['scatter', 'bar', 'parallel', 'importance'] as const;
export type PanelKind = (typeof panelKinds)[number];

export interface Panel {
  kind: PanelKind;
  columns: readonly string[];
}

/** What a panel needs: how many columns, and of which kind. */
export const panelFacts: Record<PanelKind, { title: string; hint: string; least: number; most: number }> = {
  scatter: { title: 'Scatter', hint: 'A point for each run', least: 2, most: 2 },
  bar: { title: 'Bars', hint: 'One value of every run side by side', least: 1, most: 1 },
  parallel: { title: 'Parallel coordinates', hint: 'A line for each run through several columns; drag along an axis to keep only some', least: 2, most: 12 },
  importance: { title: 'Parameter importance', hint: 'Which parameters a metric depends on', least: 1, most: 1 },
};

const escape = (text: string) => text.replace(/[%,;:]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
const unescape = (text: string) => text.replace(/%([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

export function parsePanels(text: string | undefined): Panel[] {
  return (text ?? '').split(';').flatMap((part): Panel[] => {
    const colon = part.indexOf(':');
    const kind = panelKinds.find((known) => known === part.slice(0, colon));
    if (!kind) return [];
    const columns = part.slice(colon + 1).split(',').map(unescape).filter((column) => column !== '').slice(0, panelFacts[kind].most);
    return columns.length >= panelFacts[kind].least ? [{ kind, columns }] : [];
  });
}

export function writePanels(panels: readonly Panel[]): string | undefined {
  return panels.map(({ kind, columns }) => `${kind}:${columns.map(escape).join(',')}`).join(';') || undefined;
}

/** What is kept of each axis, by dragging along it. */
export type Brushes = ReadonlyMap<string, readonly [number, number]>;

/** "params.lr:0.25~0.5": places on the axis, from 0 to 1. */
export function parseBrushes(text: string | undefined): Brushes {
  const found = new Map<string, readonly [number, number]>();
  for (const part of (text ?? '').split(';')) {
    const match = /^([^:]+):([\d.]+)~([\d.]+)$/.exec(part);
    if (match) found.set(unescape(match[1]!), [Number(match[2]), Number(match[3])]);
  }
  return found;
}

export function writeBrushes(brushes: Brushes): string | undefined {
  return [...brushes].map(([column, [low, high]]) => `${escape(column)}:${round(low)}~${round(high)}`).join(';') || undefined;
}

const round = (place: number): string => String(Number(place.toFixed(4)));
