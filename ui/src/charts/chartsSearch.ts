/** What the address of the charts holds. `from` and `to` are steps. */
export interface ChartsSearch {
  q?: string | undefined;
  x?: 'relative' | 'time' | undefined;
  scale?: 'log' | undefined;
  from?: number | undefined;
  to?: number | undefined;
}
