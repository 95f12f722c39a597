import { Fragment, type CSSProperties, type ReactNode } from 'react';
import { type AnsiStyle, parseAnsi } from './ansi';
import style from './logs.module.css';

/** One console line with its colours, and the searched words marked. */
export function LogText({ text, mark }: { text: string; mark: string }) {
  return parseAnsi(text).map((piece, i) => (
    <span key={i} className={classOf(piece.style)} style={colorOf(piece.style)}>{marked(piece.text, mark)}</span>
  ));
}

function marked(text: string, mark: string): ReactNode {
  if (mark === '') return text;
  const lower = text.toLowerCase();
  const parts: ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(mark); at >= 0; at = lower.indexOf(mark, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + mark.length)}</mark>);
    from = at + mark.length;
  }
  return parts.length === 0 ? text : <Fragment>{parts}{text.slice(from)}</Fragment>;
}

function classOf({ bold, dim, italic, underline, strike }: AnsiStyle): string | undefined {
  const names = [bold && style.bold, dim && style.dim, italic && style.italic, underline && style.underline, strike && style.strike];
  return names.filter(Boolean).join(' ') || undefined;
}

function colorOf({ fg, bg, inverse }: AnsiStyle): CSSProperties | undefined {
  if (fg === undefined && bg === undefined && !inverse) return undefined;
  const front = toCss(fg);
  const back = toCss(bg);
  if (inverse) return { color: back ?? 'var(--surface)', background: front ?? 'var(--text)' };
  return { color: front, background: back };
}

/** The 16 named colours come from the theme, so that they can be read on it. */
function toCss(color: number | string | undefined): string | undefined {
  return typeof color === 'number' ? `var(--ansi-${color})` : color;
}
