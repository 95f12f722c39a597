// An exponential moving average over the drawn points, free of the pull towards its start.

/** `weight` from 0 (none) to just below 1. Gaps stay gaps and do not count. */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const out = new Float64Array(values.length);
  let average = 0;
  let share = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      out[i] = NaN;
      continue;
    }
    average = average * weight + value * (1 - weight);
    share *= weight;
    out[i] = average / (1 - share);
  }
  return out;
}
