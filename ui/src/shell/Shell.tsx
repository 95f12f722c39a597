import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { useUnreachable } from '../api/connection';
import { queries } from '../api/queries';
import { Icon, type IconName } from '../design/Icon';
import { kit } from '../design/kit';
import { Logo } from '../design/Logo';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../design/theme';
import { HelpDialog } from './HelpDialog';
import { useKeys, useSearchKey } from './keys';
import style from './shell.module.css';

const themes: Record<ThemeChoice, { icon: IconName; word: string; next: ThemeChoice }> = {
  auto: { icon: 'contrast', word: 'as the desktop', next: 'light' },
  light: { icon: 'sun', word: 'light', next: 'dark' },
  dark: { icon: 'moon', word: 'dark', next: 'auto' },
};

/** What every page stands in: the bar, the keys and the place for the page. */
export function Shell() {
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  const choice = useThemeChoice();
  const theme = themes[choice];
  const server = useQuery(queries.server());
  const away = useUnreachable();
  useSearchKey();
  useKeys({
    '?': () => setHelp(true),
    g: () => void navigate({ to: '/' }),
    t: () => chooseTheme(theme.next),
  });
  return (
    <>
      <a className={style.skip} href="#main">Skip to the page</a>
      <header className={style.bar}>
        <Link to="/" className={style.home} aria-label="Cairn, all experiments">
          <Logo />
          <span>Cairn</span>
        </Link>
        <nav aria-label="Main">
          <Link to="/" className={style.nav} activeOptions={{ exact: true }}>Experiments</Link>
        </nav>
        <span className={style.space} />
        <Progress />
        {server.data && <span className={style.version} title={`Cairn ${server.data.version}`}>{server.data.version}</span>}
        <button type="button" className={`${kit.bare} ${style.keys}`} onClick={() => setHelp(true)} title="Keys (?)">
          <Icon name="keyboard" label="Keys" />
        </button>
        <button
          type="button" className={kit.bare} onClick={() => chooseTheme(theme.next)}
          title={`Theme: ${theme.word}. Change to ${themes[theme.next].word} (t)`}
        >
          <Icon name={theme.icon} label={`Theme: ${theme.word}`} />
        </button>
      </header>
      {away && <p className={style.away} role="status">The Cairn server does not answer. This is what was last seen.</p>}
      <main id="main" className={style.main} tabIndex={-1}>
        <Outlet />
      </main>
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

/** A line under the bar while the next page is on its way. */
function Progress() {
  const pending = useRouterState({ select: (state) => state.status === 'pending' });
  return pending ? <span className={style.progress} role="progressbar" aria-label="Loading the page" /> : null;
}
