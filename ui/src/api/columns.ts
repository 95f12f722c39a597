// The answer of POST /api/v1/series: columns of doubles, read in place.

/** A series as the server sampled it: every point is a real one, and no part of the range lost its extremes. */
export interface Series {
  run: string;
  key: string;
  /** Points the series has in the asked range; `steps` may hold fewer. */
  count: number;
  steps: Float64Array;
  /** Unix milliseconds; empty where they were not asked for. */
  times: Float64Array;
  values: Float64Array;
}

interface Head {
  run: string;
  key: string;
  count: number;
  points: number;
  times: boolean;
}

const word = 8;

export function readColumns(buffer: ArrayBuffer): Series[] {
  const view = new DataView(buffer);
  const text = new TextDecoder();
  const found: Series[] = [];
  for (let at = 0; at < buffer.byteLength;) {
    const length = view.getUint32(at, true);
    const head = JSON.parse(text.decode(new Uint8Array(buffer, at + 4, length))) as Head;
    at += 4 + length;
    const column = (): Float64Array => {
      const values = new Float64Array(buffer, at, head.points);
      at += head.points * word;
      return values;
    };
    const steps = column();
    const times = head.times ? column() : new Float64Array(0);
    found.push({ run: head.run, key: head.key, count: head.count, steps, times, values: column() });
  }
  return found;
}
