import { useSyncExternalStore } from 'react';

// The theme is the reader's choice, or else the desktop's. It is kept in this browser only.
export type ThemeChoice = 'auto' | 'light' | 'dark';
export type Theme = 'light' | 'dark';

const key = 'cairn.theme';
const desktop = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: ThemeChoice = readChoice();
let theme: Theme = wanted();

function readChoice(): ThemeChoice {
  try {
    const kept = localStorage.getItem(key);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

function wanted(): Theme {
  return choice === 'auto' ? (desktop.matches ? 'dark' : 'light') : choice;
}

// The desktop is asked here only: a browser that was asked in between does not tell of the change any more.
function apply(): void {
  theme = wanted();
  document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

export function startTheme(): void {
  apply();
  desktop.addEventListener('change', apply);
}

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // A browser that keeps nothing still shows the choice until the page is left.
  }
  apply();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => theme);
export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);
