import { createElement, Fragment, type ReactNode, useMemo } from 'react';
import style from './document.module.css';
import { type Block, type Inline, linkTarget, parseMarkdown } from './markdown';

export interface DocumentPlace {
  /** Path of the document, from which its links are understood. */
  path: string;
  /** Address of a file beside it; undefined where there is none. */
  urlOf: (path: string) => string | undefined;
  /** Opens a file beside it. */
  onOpen?: ((path: string) => void) | undefined;
}

/** Markdown as a page. Nothing of it can become markup that is not listed here, and pictures come from beside it only. */
export function Markdown({ text, place }: { text: string; place: DocumentPlace }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return <div className={style.document}>{blocks.map((block, i) => <BlockView key={i} block={block} place={place} />)}</div>;
}

function BlockView({ block, place }: { block: Block; place: DocumentPlace }): ReactNode {
  switch (block.kind) {
    case 'heading':
      // The page has its own first and second headings.
      return createElement(`h${Math.min(6, block.level + 2)}`, { className: style[`level${block.level}`] }, inline(block.inner, place));
    case 'paragraph': return <p>{inline(block.inner, place)}</p>;
    case 'code': return <pre className={style.code} tabIndex={0}><code>{block.text}</code></pre>;
    case 'quote': return <blockquote>{block.inner.map((one, i) => <BlockView key={i} block={one} place={place} />)}</blockquote>;
    case 'rule': return <hr />;
    case 'table':
      return (
        <div className={style.scroll} tabIndex={0} role="region" aria-label="Table">
          <table>
            <thead><tr>{block.head.map((cell, i) => <th key={i} scope="col" style={{ textAlign: block.align[i] ?? 'left' }}>{inline(cell, place)}</th>)}</tr></thead>
            <tbody>{block.rows.map((row, n) => <tr key={n}>{row.map((cell, i) => <td key={i} style={{ textAlign: block.align[i] ?? 'left' }}>{inline(cell, place)}</td>)}</tr>)}</tbody>
          </table>
        </div>
      );
    case 'list': {
      const items = block.items.map(({ done, inner }, i) => (
        <li key={i} className={done === null ? undefined : style.task}>
          {done !== null && <input type="checkbox" checked={done} readOnly disabled aria-label={done ? 'done' : 'to do'} />}
          {inner.map((one, n) => (one.kind === 'paragraph' ? <span key={n} className={style.itemText}>{inline(one.inner, place)}</span> : <BlockView key={n} block={one} place={place} />))}
        </li>
      ));
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
  }
}

function inline(parts: readonly Inline[], place: DocumentPlace): ReactNode {
  return parts.map((part, i) => <Fragment key={i}>{inlineOne(part, place)}</Fragment>);
}

function inlineOne(part: Inline, place: DocumentPlace): ReactNode {
  switch (part.kind) {
    case 'text': return part.text;
    case 'code': return <code>{part.text}</code>;
    case 'strong': return <strong>{inline(part.inner, place)}</strong>;
    case 'em': return <em>{inline(part.inner, place)}</em>;
    case 'strike': return <s>{inline(part.inner, place)}</s>;
    case 'break': return <br />;
    case 'link': return <LinkView href={part.href} place={place}>{inline(part.inner, place)}</LinkView>;
    case 'image': return <Picture src={part.src} alt={part.alt} place={place} />;
  }
}

function LinkView({ href, place, children }: { href: string; place: DocumentPlace; children: ReactNode }) {
  const target = linkTarget(href, place.path);
  if (target && 'web' in target) return <a href={target.web} target="_blank" rel="noopener noreferrer nofollow" title={target.web}>{children}</a>;
  const url = target && place.urlOf(target.file);
  if (!target || !url) return <span className={style.nowhere} title={`This link leads nowhere here: ${href}`}>{children}</span>;
  if (place.onOpen) return <button type="button" className={style.fileLink} onClick={() => place.onOpen?.(target.file)} title={target.file}>{children}</button>;
  return <a href={url} download title={target.file}>{children}</a>;
}

/** A picture from elsewhere would tell its host who reads this, so only its words are shown. */
function Picture({ src, alt, place }: { src: string; alt: string; place: DocumentPlace }) {
  const target = linkTarget(src, place.path);
  const url = target && 'file' in target ? place.urlOf(target.file) : undefined;
  if (url) return <img src={url} alt={alt} loading="lazy" />;
  return <span className={style.nowhere} title={`Not loaded: ${src}`}>[picture: {alt || src}]</span>;
}
