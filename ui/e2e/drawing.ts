// The code with which the pages draw, for tests that hold what it draws against the truth.
export { readColumns } from '../src/api/columns';
export { trace } from '../src/charts/draw';
export { xExtent, yExtent } from '../src/charts/extent';
export { toLine } from '../src/charts/lines';
export { bucketsFor } from '../src/charts/seriesQuery';
