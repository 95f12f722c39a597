import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { kit } from './kit';

/** A button that opens a small panel under itself; Escape or a click elsewhere closes it. */
export function Popover({ button, label, children, align = 'right', bare = false }: {
  button: ReactNode; label: string; children: (close: () => void) => ReactNode; align?: 'left' | 'right'; bare?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent) => {
      if (!anchor.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      opener.current?.focus();
    };
    document.addEventListener('pointerdown', onPointer);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', onPointer);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [open]);

  return (
    <span className={kit.anchor} ref={anchor}>
      <button
        ref={opener} type="button" className={bare ? kit.bare : kit.button} aria-expanded={open} aria-controls={id}
        aria-label={label} title={label} onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div id={id} className={kit.popover} role="dialog" aria-label={label} style={align === 'left' ? { left: 0, right: 'auto' } : {}}>
          {children(() => setOpen(false))}
        </div>
      )}
    </span>
  );
}
