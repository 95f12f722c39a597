// What runs have to look at, put together by key: W&B's media of history rows, and what MLflow's clients lay among the files.
import type { RunMedia } from '../api/types';

export type ShownKind = 'image' | 'table' | 'html' | 'audio' | 'video' | 'histogram' | 'file';

export interface Frame {
  step: number;
  path: string;
  caption?: string | null | undefined;
}

export interface Shown {
  key: string;
  kind: ShownKind;
  /** Of all runs, each once, least first. */
  steps: readonly number[];
  /** By run, each in the order of its steps. */
  frames: ReadonlyMap<string, readonly Frame[]>;
}

const kinds: readonly string[] = ['image', 'table', 'html', 'audio', 'video', 'histogram', 'file'];
const picture = /\.(png|jpe?g|gif|webp|svg)$/i;

/** How MLflow's `log_image(key=, step=)` names its files; slashes of the key are '#'. Each has a small copy beside it. */
const loggedImage = /^images\/(.+)%step%(-?\d+)%timestamp%(\d+)%[^%]+?(%compressed)?\.(?:png|webp)$/;

export function shownOf(media: readonly RunMedia[], tagsOf: (runId: string) => Readonly<Record<string, string>>): Shown[] {
  const found = new Map<string, { key: string; kind: ShownKind; frames: Map<string, Frame[]> }>();
  const add = (runId: string, key: string, kind: ShownKind, frame: Frame) => {
    const id = `${kind} ${key}`;
    let one = found.get(id);
    if (!one) found.set(id, one = { key, kind, frames: new Map() });
    const frames = one.frames.get(runId);
    if (frames) frames.push(frame);
    else one.frames.set(runId, [frame]);
  };
  for (const { runId, media: logged, files } of media) {
    for (const { key, kind, step, path, caption } of logged) {
      add(runId, key, kinds.includes(kind) ? (kind as ShownKind) : 'file', { step, path, caption });
    }
    const tables = new Set(loggedTables(tagsOf(runId)['mlflow.loggedArtifacts']));
    for (const path of files) {
      const image = loggedImage.exec(path);
      if (image) {
        if (!image[4]) add(runId, image[1]!.replaceAll('#', '/'), 'image', { step: Number(image[2]), path });
      } else if (picture.test(path)) add(runId, path, 'image', { step: 0, path });
      else if (tables.has(path)) add(runId, path, 'table', { step: 0, path });
    }
  }
  return [...found.values()]
    .map(({ key, kind, frames }) => {
      for (const one of frames.values()) one.sort((a, b) => a.step - b.step);
      return { key, kind, frames, steps: [...new Set([...frames.values()].flatMap((one) => one.map(({ step }) => step)))].sort((a, b) => a - b) };
    })
    .sort((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
}

/** Paths that MLflow's `log_table` says are tables. */
function loggedTables(tag: string | undefined): string[] {
  try {
    const list: unknown = JSON.parse(tag ?? '[]');
    return Array.isArray(list) ? list.flatMap((one: { path?: unknown; type?: unknown } | null) => (one?.type === 'table' && typeof one.path === 'string' ? [one.path] : [])) : [];
  } catch {
    return [];
  }
}

/** The frame that was current at a step: the newest that is not later, else the first. Without a step, the newest. */
export function frameAt(frames: readonly Frame[], step: number | undefined): Frame | undefined {
  if (step === undefined) return frames.at(-1);
  return frames.findLast((frame) => frame.step <= step) ?? frames[0];
}
