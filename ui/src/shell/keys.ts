import { useEffect, useLayoutEffect, useRef } from 'react';

// Keys of the whole app. A key typed into a field belongs to the field.

/** Letters mean nothing to these: whoever has just clicked one goes on with the keys of the page. */
const withoutText = ['checkbox', 'radio', 'range', 'button', 'submit', 'color', 'file'];

function isTyping(event: KeyboardEvent): boolean {
  const field = (event.target as HTMLElement | null)?.closest('input, textarea, select, [contenteditable]');
  return !!field && !(field instanceof HTMLInputElement && withoutText.includes(field.type));
}

/** Calls back for plain keys (no Ctrl, Alt or ⌘) pressed outside of fields and dialogs. */
export function useKeys(handlers: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(handlers);
  // As soon as something is seen, its keys work, and work on what is seen.
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return;
      if (document.querySelector('dialog[open]')) return;
      latest.current[event.key]?.(event);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** `/` puts the cursor into the page's search box; Escape leaves it. */
export function useSearchKey(): void {
  useKeys({
    '/': (event) => {
      const box = document.querySelector<HTMLInputElement>('[data-search]');
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    },
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      if (event.key === 'Escape' && target?.matches('[data-search]')) target.blur();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
