// Short messages at the foot of the page: what was done, and the way to take it back.
import { useSyncExternalStore } from 'react';
import { Icon } from '../design/Icon';
import { kit } from '../design/kit';
import { useKeys } from './keys';
import style from './toasts.module.css';

export interface Toast {
  text: string;
  bad?: boolean;
  undo?: () => void;
}

const lastsMs = 12_000;
let shown: readonly (Toast & { id: number })[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(toasts: typeof shown): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

export function tell(toast: Toast): void {
  const id = next++;
  set([...shown.slice(-2), { ...toast, id }]);
  setTimeout(() => dismiss(id), lastsMs);
}

const dismiss = (id: number) => set(shown.filter((toast) => toast.id !== id));

export function Toasts() {
  const toasts = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => shown);
  const undo = (toast: (typeof shown)[number]) => {
    dismiss(toast.id);
    toast.undo?.();
  };
  useKeys({
    z: () => {
      const last = toasts.findLast((toast) => toast.undo);
      if (last) undo(last);
    },
  });
  return (
    <div className={style.toasts} role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className={`${style.toast} ${toast.bad ? style.bad : ''}`}>
          {toast.bad && <Icon name="warning" size={15} />}
          <span>{toast.text}</span>
          {toast.undo && <button type="button" className={style.undo} onClick={() => undo(toast)}>Undo <kbd>z</kbd></button>}
          <button type="button" className={kit.bare} onClick={() => dismiss(toast.id)}><Icon name="cross" size={12} label="Dismiss" /></button>
        </div>
      ))}
    </div>
  );
}
