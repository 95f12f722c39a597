import { Chip } from '../design/kit';
import style from './artifacts.module.css';

export interface AliasAt {
  alias: string;
  /** Shown as "prod → v3" where it is given. */
  version?: string;
}

/** Aliases with the weighty ones first: "prod" stands out, "latest" stands back. */
export function AliasChips({ aliases, most = Infinity }: { aliases: readonly AliasAt[]; most?: number }) {
  const all = [...aliases].sort((a, b) => rank(a.alias) - rank(b.alias) || a.alias.localeCompare(b.alias, 'en', { numeric: true }));
  const ordered = all.length > most ? all.slice(0, most - 1) : all;
  return (
    <span className={style.aliases}>
      {ordered.map(({ alias, version }) => (
        <Chip key={alias} tone={rank(alias) === 0 ? 'accent' : alias === 'latest' ? 'plain' : 'soft'} title={version ? `${alias} points to ${version}` : alias}>
          {alias}
          {version && ` → ${version}`}
        </Chip>
      ))}
      {all.length > ordered.length && <Chip title={all.slice(ordered.length).map(({ alias, version }) => (version ? `${alias} → ${version}` : alias)).join('\n')}>{all.length - ordered.length} more</Chip>}
    </span>
  );
}

const weighty = ['prod', 'production', 'champion'];

export function isWeighty(alias: string): boolean {
  return weighty.includes(alias);
}

function rank(alias: string): number {
  return isWeighty(alias) ? 0 : alias === 'latest' ? 2 : 1;
}
