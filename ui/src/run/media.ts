import type { MediaInfo } from '../api/types';

export interface MediaSeries {
  key: string;
  /** By step; the last of several of one step, as it replaced the others. */
  frames: MediaInfo[];
}

/** The pictures among the media. */
export function mediaByKey(media: readonly MediaInfo[]): MediaSeries[] {
  const keys = new Map<string, Map<number, MediaInfo>>();
  for (const one of media.filter(({ kind }) => kind === 'image').sort((a, b) => a.step - b.step || a.time - b.time)) {
    const frames = keys.get(one.key);
    if (frames) frames.set(one.step, one);
    else keys.set(one.key, new Map([[one.step, one]]));
  }
  return [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, frames]) => ({ key, frames: [...frames.values()] }));
}

/** The frame that was current at a step: the newest that is not later, else the first. Without a step, the newest. */
export function frameAt(frames: readonly MediaInfo[], step: number | undefined): number {
  if (step === undefined) return frames.length - 1;
  const after = frames.findIndex((frame) => frame.step > step);
  return after < 0 ? frames.length - 1 : Math.max(0, after - 1);
}
