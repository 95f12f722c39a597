import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useLoggedOut } from '../api/account';
import { useUnreachable } from '../api/connection';
import { queries } from '../api/queries';
import { Icon, type IconName } from '../design/Icon';
import { kit } from '../design/kit';
import { Logo } from '../design/Logo';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../design/theme';
import type { Action } from './actions';
import { HelpDialog } from './HelpDialog';
import { useKeys, useSearchKey } from './keys';
import { LoginPage } from './LoginPage';
import { pages } from './pages';
// Not fetched when it is first needed: what is typed right after the keys must not be lost.
import { Palette } from './Palette';
import style from './shell.module.css';
import { Toasts } from './toasts';
import { UserMenu } from './UserMenu';

const isMac = /mac|iphone|ipad/i.test(navigator.platform);
const paletteKeys = isMac ? '⌘K' : 'Ctrl K';

const themes: Record<ThemeChoice, { icon: IconName; word: string; next: ThemeChoice }> = {
  auto: { icon: 'contrast', word: 'as the desktop', next: 'light' },
  light: { icon: 'sun', word: 'light', next: 'dark' },
  dark: { icon: 'moon', word: 'dark', next: 'auto' },
};

/** What every page stands in; or the login in place of all, where the server does not know who asks. */
export function Shell() {
  return useLoggedOut() ? <LoginPage /> : <Frame />;
}

/** The bar, the keys and the place for the page. */
function Frame() {
  const [help, setHelp] = useState(false);
  const [palette, setPalette] = useState(false);
  const navigate = useNavigate();
  const choice = useThemeChoice();
  const theme = themes[choice];
  const server = useQuery(queries.server());
  const away = useUnreachable();
  useSearchKey();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) setPalette(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const actions: Action[] = [
    { name: `Change the theme to ${themes[theme.next].word}`, keys: 't', run: () => chooseTheme(theme.next) },
    { name: 'Show the keys', keys: '?', run: () => setHelp(true) },
  ];
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
          {pages.filter(({ inBar }) => inBar).map(({ name, path }) => (
            <Link key={path} to={path} className={path === '/settings' ? `${style.nav} ${style.late}` : style.nav} activeOptions={{ exact: path === '/', includeSearch: false }}>{name}</Link>
          ))}
        </nav>
        <span className={style.space} />
        <Progress />
        {server.data && <span className={style.version} title={`Cairn ${server.data.version}`}>{server.data.version}</span>}
        <button type="button" className={style.jump} onClick={() => setPalette(true)} title={`Go to anything (${paletteKeys})`}>
          <Icon name="search" size={14} label="Go to anything" /> <span>Go to …</span> <kbd>{paletteKeys}</kbd>
        </button>
        <button type="button" className={`${kit.bare} ${style.keys}`} onClick={() => setHelp(true)} title="Keys (?)">
          <Icon name="keyboard" label="Keys" />
        </button>
        <Link to="/settings" className={`${kit.bare} ${style.gear}`} title="Settings"><Icon name="gear" label="Settings" /></Link>
        <button
          type="button" className={`${kit.bare} ${style.theme}`} onClick={() => chooseTheme(theme.next)}
          title={`Theme: ${theme.word}. Change to ${themes[theme.next].word} (t)`}
        >
          <Icon name={theme.icon} label={`Theme: ${theme.word}`} />
        </button>
        <UserMenu />
      </header>
      {away && <p className={style.away} role="status">The Cairn server does not answer. This is what was last seen.</p>}
      <main id="main" className={style.main} tabIndex={-1}>
        <Outlet />
      </main>
      <Toasts />
      {palette && <Palette actions={actions} onClose={() => setPalette(false)} />}
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </>
  );
}

/** A line under the bar while the next page is on its way. */
function Progress() {
  const pending = useRouterState({ select: (state) => state.status === 'pending' });
  return pending ? <span className={style.progress} role="progressbar" aria-label="Loading the page" /> : null;
}
