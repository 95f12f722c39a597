// The wire records of Cairn's native API. A test of the server (PageTypesTests) holds them against its OpenAPI document.
// Times are Unix milliseconds, UTC. An absent field and null mean the same.
export type * from './types/accounts';
export type * from './types/artifacts';
export type * from './types/experiments';
export type * from './types/gates';
export type * from './types/lineage';
export type * from './types/models';
export type * from './types/pipelines';
export type * from './types/runs';
export type * from './types/search';
export type * from './types/series';
export type * from './types/server';
export type * from './types/sweeps';
export type * from './types/wire';
