import { type ReactNode, useEffect, useRef } from 'react';
import dialogs from '../artifacts/artifacts.module.css';
import { DialogFrame } from './DialogFrame';
import { ErrorPanel } from './ErrorPanel';
import { kit } from './kit';

/** Asks before something that cannot be taken back, and tells what it means. It is closed by who opened it, once the work is done. */
export function ConfirmDialog({ title, children, keep, act, work, onClose }: {
  title: string; children: ReactNode; keep: string; act: string; work: { mutate: () => void; isPending: boolean; error: Error | null }; onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  return (
    <DialogFrame
      dialog={dialog} title={title} className={dialogs.question} onClose={onClose}
      footer={(
        <>
          <button ref={safe} type="button" className={kit.button} onClick={() => dialog.current?.close()}>{keep}</button>
          <button type="button" className={`${kit.button} ${dialogs.danger}`} disabled={work.isPending} onClick={() => work.mutate()}>{act}</button>
        </>
      )}
    >
      {children}
      {work.error && <ErrorPanel error={work.error} />}
    </DialogFrame>
  );
}
