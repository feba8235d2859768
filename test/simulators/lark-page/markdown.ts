import { html, type Markup, NOTHING, type Part } from './html.ts';
import { nameOf, timeOf, type View } from './view.ts';

/** The platform's markdown as far as cards use it; whatever is not known stays text. */
export function markdown(view: View, source: string): Markup {
  const blocks: Part[] = [];
  const lines = source.split('\n');
  for (let at = 0; at < lines.length;) {
    const kind = kindOf(lines[at] ?? '');
    const from = at;
    while (at < lines.length && kindOf(lines[at] ?? '') === kind) at += 1;
    blocks.push(block(view, kind, lines.slice(from, at)));
  }
  return html`${blocks}`;
}

type Kind = 'bullets' | 'numbers' | 'rule' | 'heading' | 'quote' | 'lines';

const KINDS: readonly (readonly [Kind, RegExp])[] = [
  ['rule', /^\s*(?:-{3,}|<hr>)\s*$/],
  ['bullets', /^\s*[-*] /],
  ['numbers', /^\s*\d+\. /],
  ['heading', /^#{1,6} /],
  ['quote', /^> ?/],
];

const kindOf = (line: string): Kind => KINDS.find(([, pattern]) => pattern.test(line))?.[0] ?? 'lines';

function block(view: View, kind: Kind, lines: readonly string[]): Markup {
  const bare = (pattern: RegExp): readonly Markup[] => lines.map((line) => inline(view, line.replace(pattern, '')));
  switch (kind) {
    case 'rule':
      return html`<hr />`;
    case 'bullets':
      return html`<ul>
        ${bare(/^\s*[-*] /).map((item) => html`<li>${item}</li>`)}
      </ul>`;
    case 'numbers':
      return html`<ol start="${/\d+/.exec(lines[0] ?? '')?.[0]}">
        ${bare(/^\s*\d+\. /).map((item) => html`<li>${item}</li>`)}
      </ol>`;
    case 'heading':
      return html`${bare(/^#+ /).map((item) => html`<h4>${item}</h4>`)}`;
    case 'quote':
      return html`<blockquote>${joined(bare(/^> ?/))}</blockquote>`;
    case 'lines':
      return html`<p>${joined(lines.map((line) => inline(view, line)))}</p>`;
  }
  return kind satisfies never;
}

const joined = (lines: readonly Markup[]): readonly Markup[] =>
  lines.map((line, index) => (index === 0 ? line : html`<br />${line}`));

/** In the order in which they are tried at each place. */
const MARKS: readonly (readonly [string, (view: View, groups: readonly string[]) => Markup])[] = [
  ['`([^`]+)`', (_, [code = '']) => html`<code>${code}</code>`],
  [String.raw`<(?:at|person)\s+(?:user_)?ids?=["']?([\w,-]+)["']?\s*>(?:</(?:at|person)>)?`, people],
  [String.raw`<font\s+color=["']?([\w-]+)["']?\s*>(.*?)</font>`, coloured],
  [
    String.raw`<text_tag\s+color=["']?([\w-]+)["']?\s*>(.*?)</text_tag>`,
    (view, [colour = '', inner = '']) => html`<span class="tag ${colour}">${inline(view, inner)}</span>`,
  ],
  [String.raw`<local_datetime\s+([^>]*)>(?:</local_datetime>)?`, time],
  [String.raw`!?\[([^\]]*)\]\(([^)\s]*)\)`, (view, [text = '', url = '']) => link(url, inline(view, text))],
  [String.raw`<br\s*/?>`, () => html`<br />`],
  [String.raw`\*\*(.+?)\*\*`, (view, [inner = '']) => html`<b>${inline(view, inner)}</b>`],
  ['~~(.+?)~~', (view, [inner = '']) => html`<s>${inline(view, inner)}</s>`],
  [String.raw`\*([^*]+)\*`, (view, [inner = '']) => html`<i>${inline(view, inner)}</i>`],
];

const EACH = MARKS.map(([pattern]) => new RegExp(pattern, 'y'));
const STARTS = /[`<![*~]/g;

/** Marks are looked for before entities are read, so that an escaped mark never becomes one. */
export function inline(view: View, source: string): Markup {
  const parts: Part[] = [];
  let [at, from] = [0, 0];
  while (at < source.length) {
    STARTS.lastIndex = at;
    const start = STARTS.exec(source)?.index;
    if (start === undefined) break;
    const found = markAt(view, source, start);
    if (found) parts.push(decoded(source.slice(from, start)), found.drawn);
    at = found ? found.end : start + 1;
    if (found) from = at;
  }
  return html`${parts}${decoded(source.slice(from))}`;
}

function markAt(view: View, source: string, at: number) {
  for (const [index, pattern] of EACH.entries()) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) return { drawn: MARKS[index]?.[1](view, match.slice(1)) ?? NOTHING, end: at + match[0].length };
  }
  return undefined;
}

function people(view: View, [ids = '']: readonly string[]): Markup {
  return html`${ids.split(',').map((id) => mention(view, id))}`;
}

export const mention = (view: View, id: string): Markup =>
  html`<span class="at ${id === view.me && 'me'}">@${nameOf(view, id)}</span>`;

function coloured(view: View, [colour = '', inner = '']: readonly string[]): Markup {
  return html`<span class="font ${colour}">${inline(view, inner)}</span>`;
}

function time(view: View, [attributes = '']: readonly string[]): Markup {
  const at = Number(/millisecond=["']?(\d+)/.exec(attributes)?.[1]);
  return html`<time>${Number.isFinite(at) ? timeOf(view, at) : ''}</time>`;
}

/** Only web addresses lead anywhere. */
export const link = (url: string, text: Part): Markup =>
  /^https?:\/\//.test(url)
    ? html`<a href="${url}" target="_blank" rel="noopener noreferrer">${text}</a>`
    : html`${text}`;

const ENTITIES: Readonly<Record<string, string>> = { nbsp: '\u00a0', lt: '<', gt: '>', amp: '&', quot: '"' };

const decoded = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|(nbsp|lt|gt|amp|quot));/g, (whole, code?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole;
  });
