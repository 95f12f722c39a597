import type { IconName } from '../design/Icon';

/** The pages that are always there: in the bar, and in the palette. */
export const pages: readonly { name: string; path: string; icon: IconName; inBar?: boolean }[] = [
  { name: 'Experiments', path: '/', icon: 'flask', inBar: true },
  { name: 'Models', path: '/models', icon: 'model', inBar: true },
  { name: 'Artifacts', path: '/artifacts', icon: 'box', inBar: true },
  { name: 'Pipelines', path: '/pipelines', icon: 'lineage', inBar: true },
  { name: 'Triggers, schedules and jobs', path: '/pipelines/triggers', icon: 'clock' },
  { name: 'Launch', path: '/launch', icon: 'bolt' },
  { name: 'Users', path: '/settings/users', icon: 'user' },
  { name: 'Keys, password and browsers', path: '/settings/keys', icon: 'user' },
  { name: 'Settings', path: '/settings', icon: 'info', inBar: true },
];
