import { useEffect, useRef } from 'react';
import { CopyButton, kit } from '../design/kit';
import style from './accounts.module.css';

/** A secret that the server told this once, and that nobody can look up again. */
export function ShownOnce({ what, secret, children, onDone }: { what: string; secret: string; children?: React.ReactNode; onDone: () => void }) {
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => done.current?.focus(), []);
  return (
    <div className={style.secret} role="status">
      <p><strong>{what}</strong> It is shown this once: the server keeps only a hash of it.</p>
      <p className={style.secretLine}><code>{secret}</code> <CopyButton text={secret} what={what.replace(/\.$/, '').toLowerCase()} /></p>
      {children}
      <button ref={done} type="button" className={kit.button} onClick={onDone}>I have kept it</button>
    </div>
  );
}
