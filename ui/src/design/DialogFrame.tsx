import { type ReactNode, type RefObject, useEffect, useId } from 'react';
import dialogs from '../artifacts/artifacts.module.css';
import { Icon } from './Icon';
import { kit } from './kit';

/** A dialog over the page: a title with a way out, what it tells, and its buttons. */
export function DialogFrame({ dialog, title, className = '', children, footer, onClose }: {
  dialog: RefObject<HTMLDialogElement | null>; title: ReactNode; className?: string; children: ReactNode; footer: ReactNode; onClose: () => void;
}) {
  const id = useId();
  useEffect(() => dialog.current?.showModal(), [dialog]);
  return (
    <dialog ref={dialog} className={`${dialogs.dialog} ${className}`} onClose={onClose} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        <button type="button" className={kit.bare} onClick={() => dialog.current?.close()}><Icon name="cross" size={14} label="Close" /></button>
      </header>
      <div className={dialogs.dialogBody}>{children}</div>
      <footer>{footer}</footer>
    </dialog>
  );
}
