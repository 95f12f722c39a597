import { Icon } from '../design/Icon';

/** The icon of an artifact's type. */
export function TypeIcon({ type, size = 15 }: { type: string; size?: number }) {
  const name = type === 'model' ? 'model' : type === 'dataset' ? 'dataset' : 'box';
  return <span style={{ display: 'inline-flex', verticalAlign: '-2px', color: 'var(--muted)' }} title={type}><Icon name={name} size={size} /></span>;
}
