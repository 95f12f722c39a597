import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { Icon } from '../design/Icon';
import { useKeys } from './keys';
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

/** The parts of a page; `[` and `]` walk through them. The one that is shown is brought into sight where not all fit. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  const nav = useRef<HTMLElement>(null);
  const walk = (by: number) => {
    const links = [...nav.current?.querySelectorAll('a') ?? []];
    // The address changes at once, the mark of the part that is shown only when its code is there.
    links[links.findIndex((link) => link.pathname === location.pathname) + by]?.click();
  };
  useKeys({ '[': () => walk(-1), ']': () => walk(1) });
  const here = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [here]);
  return <nav ref={nav} className={style.tabs} aria-label={label}>{children}</nav>;
}
