import { expect, test } from 'vitest';
import { type Block, type Inline, inlines, linkTarget, parseMarkdown } from './markdown';

/** A short notation of the tree, for reading tests. */
function told(blocks: readonly Block[]): string[] {
  return blocks.map((block) => {
    switch (block.kind) {
      case 'heading': return `h${block.level}(${words(block.inner)})`;
      case 'paragraph': return `p(${words(block.inner)})`;
      case 'code': return `code(${block.language}|${block.text})`;
      case 'quote': return `quote(${told(block.inner).join(' ')})`;
      case 'rule': return 'rule';
      case 'list': return `${block.ordered ? `ol${block.start}` : 'ul'}(${block.items.map(({ done, inner }) => `${done === null ? '' : done ? '[x]' : '[ ]'}${told(inner).join(' ')}`).join(', ')})`;
      case 'table': return `table(${block.head.map(words).join('|')}; ${block.rows.map((row) => row.map(words).join('|')).join('; ')}; ${block.align.join()})`;
    }
  });
}

function words(parts: readonly Inline[]): string {
  return parts.map((part) => {
    switch (part.kind) {
      case 'text': return part.text;
      case 'code': return `\`${part.text}\``;
      case 'link': return `<${part.href}>${words(part.inner)}</>`;
      case 'image': return `img(${part.src},${part.alt})`;
      case 'break': return '⏎';
      default: return `${part.kind}(${words(part.inner)})`;
    }
  }).join('');
}

test('headings, paragraphs, rules and quotes', () => {
  expect(told(parseMarkdown('# One #\ntext\nmore\n\n---\n> said\n> twice\n\n###### six\n####### no'))).toEqual([
    'h1(One)', 'p(text\nmore)', 'rule', 'quote(p(said\ntwice))', 'h6(six)', 'p(####### no)',
  ]);
});

test('code keeps its text, also where its fence is never closed', () => {
  expect(told(parseMarkdown('```py\na *b*\n```\n\n    <b>\n\n~~~\nopen'))).toEqual(['code(py|a *b*)', 'code(|<b>)', 'code(|open)']);
});

test('lists nest, count on, and hold tasks', () => {
  expect(told(parseMarkdown('- a\n- b\n  - c\n  - d\n\n    more\n- [x] e\n- [ ] f\n\n3. three\n4. four'))).toEqual([
    'ul(p(a), p(b) ul(p(c), p(d) p(more)), [x]p(e), [ ]p(f))', 'ol3(p(three), p(four))',
  ]);
});

test('tables with alignment, escaped bars and missing cells', () => {
  expect(told(parseMarkdown('| a | b |\n|:--|--:|\n| 1 | x\\|y |\n| 2 |\n\nafter'))).toEqual(['table(a|b; 1|x|y; 2|; left,right)', 'p(after)']);
});

test('emphasis, code, links and pictures', () => {
  expect(words(inlines('a **b _c_** `d*e*` ~~f~~ \\*g\\*'))).toBe('a strong(b em(c)) `d*e*` strike(f) *g*');
  expect(words(inlines('snake_case_name 2 * 3 * 4'))).toBe('snake_case_name 2 * 3 * 4');
  expect(words(inlines('[x](http://a/b_(c) "t") ![alt](p.png) <https://z> see https://y/q.'))).toBe(
    '<http://a/b_(c)>x</> img(p.png,alt) <https://z>https://z</> see <https://y/q>https://y/q</>.',
  );
  expect(words(inlines('[![badge](b.png)](http://x)'))).toBe('<http://x>img(b.png,badge)</>');
});

test('HTML stays text', () => {
  expect(told(parseMarkdown('<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>'))).toEqual(['p(<script>alert(1)</script>)', 'p(<img src=x onerror=alert(1)>)']);
});

test.each([
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', '\u0001javascript:alert(1)', 'data:text/html,<script>1</script>',
  'vbscript:x', 'file:///etc/passwd', '//evil.example/x', '\\\\evil\\x', 'blob:x', '../../../etc', '', '#top', '%',
])('a link to %j leads nowhere', (href) => expect(linkTarget(href, 'docs/a.md')).toBeNull());

test('links lead to the web, to mail and to files beside the document', () => {
  expect(linkTarget('https://a.example/x', 'a.md')).toEqual({ web: 'https://a.example/x' });
  expect(linkTarget('mailto:a@b', 'a.md')).toEqual({ web: 'mailto:a@b' });
  expect(linkTarget('plots/p%20q.png#x', 'docs/a.md')).toEqual({ file: 'docs/plots/p q.png' });
  expect(linkTarget('../data.csv', 'docs/a.md')).toEqual({ file: 'data.csv' });
  expect(linkTarget('/data.csv', 'docs/a.md')).toEqual({ file: 'data.csv' });
});

test('whatever the text, parsing ends', () => {
  const marks = ['*', '**', '_', '`', '[', '](', ')', '!', '~~', '\\', '\n', '- ', '> ', '|', '#', ' ', 'a', '```', '1. '];
  let state = 7;
  for (let round = 0; round < 300; round++) {
    let text = '';
    for (let i = 0; i < 60; i++) text += marks[(state = (state * 1103515245 + 12345) & 0x7fffffff) % marks.length];
    expect(Array.isArray(parseMarkdown(text))).toBe(true);
  }
  expect(parseMarkdown(`${'> '.repeat(500)}deep`).length).toBe(1);
  expect(parseMarkdown('**a '.repeat(50_000)).length).toBe(1);
});
