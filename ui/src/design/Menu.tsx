// A panel in the browser's top layer, so that no scrolling box around its button cuts it off.
import { type CSSProperties, type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { kit } from './kit';
import style from './menu.module.css';

/** A button that opens a panel beside itself; Escape or a click elsewhere closes it. */
export function Menu({ button, label, children, className, align = 'left', role = 'dialog' }: {
  button: ReactNode; label: string; children: (close: () => void) => ReactNode; className?: string | undefined; align?: 'left' | 'right';
  role?: 'dialog' | 'menu';
}) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState<CSSProperties>({});

  useLayoutEffect(() => {
    if (!open) return;
    const from = opener.current!.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = panel.current!;
    const left = align === 'left' ? from.left : from.right - width;
    const below = from.bottom + 4;
    const top = below + height > innerHeight - 8 && from.top > innerHeight / 2 ? Math.max(8, from.top - height - 4) : below;
    setPlace({ left: Math.max(8, Math.min(left, innerWidth - width - 8)), top, maxHeight: innerHeight - top - 8 });
    (panel.current!.querySelector<HTMLElement>('[autofocus], input, button:not(:disabled)') ?? panel.current!).focus();
  }, [open, align]);

  const close = () => {
    panel.current?.hidePopover();
    opener.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (role !== 'menu' || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    const items = [...panel.current!.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    items.at((at + (event.key === 'ArrowDown' ? 1 : -1)) % items.length)?.focus();
  };
  return (
    <>
      <button
        ref={opener} type="button" className={className ?? kit.button} aria-expanded={open} aria-haspopup={role} aria-label={label} title={label}
        popoverTarget={id}
      >
        {button}
      </button>
      <div
        ref={panel} id={id} popover="auto" role={role} aria-label={label} className={style.panel} style={place} tabIndex={-1} onKeyDown={onKey}
        onToggle={(event: ToggleEvent<HTMLDivElement>) => setOpen(event.newState === 'open')}
      >
        {open && children(close)}
      </div>
    </>
  );
}

export function MenuItem({ children, onSelect, disabled = false }: { children: ReactNode; onSelect: () => void; disabled?: boolean }) {
  return <button type="button" role="menuitem" className={style.item} disabled={disabled} onClick={onSelect}>{children}</button>;
}

export function MenuLine() {
  return <hr className={style.line} />;
}
