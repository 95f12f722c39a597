import { type ReactNode, useEffect, useId, useRef } from 'react';
import dialogs from '../artifacts/artifacts.module.css';
import { ErrorPanel } from './ErrorPanel';
import { Icon } from './Icon';
import { kit } from './kit';

/** Asks before something that cannot be taken back, and tells what it means. It is closed by who opened it, once the work is done. */
export function ConfirmDialog({ title, children, keep, act, work, onClose }: {
  title: string; children: ReactNode; keep: string; act: string; work: { mutate: () => void; isPending: boolean; error: Error | null }; onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    safe.current?.focus();
  }, []);
  const close = () => dialog.current?.close();
  return (
    <dialog ref={dialog} className={`${dialogs.dialog} ${dialogs.question}`} onClose={onClose} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>{title}</h2>
        <button type="button" className={kit.bare} onClick={close}><Icon name="cross" size={14} label="Close" /></button>
      </header>
      <div className={dialogs.dialogBody}>
        {children}
        {work.error && <ErrorPanel error={work.error} />}
      </div>
      <footer>
        <button ref={safe} type="button" className={kit.button} onClick={close}>{keep}</button>
        <button type="button" className={`${kit.button} ${dialogs.danger}`} disabled={work.isPending} onClick={() => work.mutate()}>{act}</button>
      </footer>
    </dialog>
  );
}
