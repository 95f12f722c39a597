import { type CSSProperties, type ReactNode, useMemo } from 'react';
import { type AnsiPiece, type AnsiStyle, parseAnsi } from './ansi';
import style from './logs.module.css';
import { markRanges, splitAt } from './marks';

/** One console line with its colours, and the searched words marked, also where they change colour in the middle. */
export function LogText({ text, mark }: { text: string; mark: string }) {
  const pieces = useMemo(() => parseAnsi(text), [text]);
  if (mark === '') return pieces.map((piece, i) => <Piece key={i} piece={piece}>{piece.text}</Piece>);
  const ranges = markRanges(pieces.map((piece) => piece.text).join(''), mark);
  let at = 0;
  return pieces.map((piece, i) => {
    const parts = splitAt(piece.text, at, ranges);
    at += piece.text.length;
    return <Piece key={i} piece={piece}>{parts.map((part, n) => (part.marked ? <mark key={n}>{part.text}</mark> : part.text))}</Piece>;
  });
}

function Piece({ piece, children }: { piece: AnsiPiece; children: ReactNode }) {
  return <span className={classOf(piece.style)} style={colorOf(piece.style)}>{children}</span>;
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
