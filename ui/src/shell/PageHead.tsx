import type { ReactNode } from 'react';
import { Icon } from '../design/Icon';
import style from './shell.module.css';

/** Where the reader is (crumbs), what the page shows (title), and the few facts worth knowing at once. */
export function PageHead({ crumbs = [], title, badge, facts, actions }: {
  crumbs?: readonly ReactNode[]; title: ReactNode; badge?: ReactNode; facts?: ReactNode; actions?: ReactNode;
}) {
  return (
    <header className={style.head}>
      {crumbs.length > 0 && (
        <nav className={style.crumbs} aria-label="Breadcrumb">
          {crumbs.map((crumb, i) => (
            <span key={i}>
              {i > 0 && <Icon name="right" size={10} />} {crumb}
            </span>
          ))}
        </nav>
      )}
      <div className={style.titleRow}>
        <h1>{title}</h1>
        {badge}
        {actions}
      </div>
      {facts && <div className={style.facts}>{facts}</div>}
    </header>
  );
}

export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return <nav className={style.tabs} aria-label={label}>{children}</nav>;
}
