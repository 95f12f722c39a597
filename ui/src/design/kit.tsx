import { type ReactNode, useState } from 'react';
import { Icon, type IconName } from './Icon';
import style from './kit.module.css';

export { style as kit };

export function Chip({ children, tone = 'plain', title }: { children: ReactNode; tone?: 'plain' | 'soft' | 'accent'; title?: string }) {
  return <span className={`${style.chip} ${tone === 'plain' ? '' : style[tone]}`} title={title}>{children}</span>;
}

/** A panel with a heading. */
export function Card({ title, icon, more, children, flush = false, id }: {
  title: ReactNode; icon?: IconName; more?: ReactNode; children: ReactNode; flush?: boolean; id?: string;
}) {
  return (
    <section className={style.card} id={id}>
      <header className={style.cardHead}>
        {icon && <Icon name={icon} size={15} />}
        <h2>{title}</h2>
        {more !== undefined && <span className={style.more}>{more}</span>}
      </header>
      {flush ? children : <div className={style.cardBody}>{children}</div>}
    </section>
  );
}

/** What stands where nothing is yet, and what to do about it. */
export function Empty({ icon, title, children, commands }: {
  icon: IconName; title: string; children?: ReactNode; commands?: readonly string[];
}) {
  return (
    <div className={style.empty}>
      <Icon name={icon} size={36} />
      <h2>{title}</h2>
      {children}
      {commands && <div className={style.steps}>{commands.map((command) => <Command key={command} text={command} />)}</div>}
    </div>
  );
}

export function Command({ text }: { text: string }) {
  return (
    <div className={style.command}>
      <pre>{text}</pre>
      <CopyButton text={text} what="command" />
    </div>
  );
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    } catch {
      // Plain http on another machine has no clipboard; the text can still be selected.
    }
  };
  return (
    <button type="button" className={style.bare} onClick={copy} title={copied ? 'Copied' : `Copy ${what}`}>
      <Icon name={copied ? 'check' : 'copy'} size={14} label={copied ? 'Copied' : `Copy ${what}`} />
    </button>
  );
}

/** Grey bars where content will stand. */
export function Bones({ lines = 4 }: { lines?: number }) {
  return (
    <div className={style.bones} role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, i) => <span key={i} style={{ width: `${90 - ((i * 23) % 50)}%` }} />)}
    </div>
  );
}

export function Segments<T extends string>({ label, value, options, onChange }: {
  label: string; value: T; options: readonly (readonly [T, string])[]; onChange: (value: T) => void;
}) {
  return (
    <div className={style.segments} role="group" aria-label={label}>
      {options.map(([option, word]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>{word}</button>
      ))}
    </div>
  );
}

export function Person({ name }: { name: string | null | undefined }) {
  if (!name) return <span className={style.id}>–</span>;
  return (
    <span className={style.person} title={name}>
      <span className={style.face} aria-hidden="true">{[...name][0]}</span>
      <span>{name}</span>
    </span>
  );
}

/** A digest or id: its head, with the whole on hover and by copying. */
export function ShortId({ id, what, length = 10, copy = false }: { id: string; what: string; length?: number; copy?: boolean }) {
  return (
    <span className={style.id} title={`${what} ${id}`}>
      {id.slice(0, length)}
      {copy && <CopyButton text={id} what={what} />}
    </span>
  );
}
