import type { Block, Field, LinkButton, Rich } from '../../../cards/card.ts';
import { cut } from '../../../cards/clean.ts';
import { chartElement } from './chart.ts';
import { callbackButton, flowing, halves, linkButton, markdown, notation, panel } from './elements.ts';
import { formElement } from './forms.ts';
import { type MarkdownOptions, richMarkdown } from './markdown.ts';
import type { Names } from './names.ts';
import type { FormElement, LarkElement, Markdown, RootElement } from './wire.ts';

/** What all blocks of one card share. */
export interface Scope extends MarkdownOptions {
  readonly timezone: string;
  readonly names: Names;
}

/** Panels inside of panels; deeper sections are a title and what follows it. The platform's limit is 5 containers. */
const MAX_PANELS = 3;
/** The end of a host name is what tells whose it is. */
const MAX_HOST = 60;
/** Leaves the host its room in a button of 100 UTF-16 units. */
const MAX_LINK_TEXT = 18;

/** What a card's body is made of. Forms of a section stand below it: the platform takes them at the root only. */
export const bodyElements = (blocks: readonly Block[], scope: Scope): readonly RootElement[] =>
  blocks.flatMap((block): readonly RootElement[] => {
    const { elements, forms } = made(block, scope, 0);
    return [...elements, ...forms];
  });

interface Made {
  readonly elements: readonly LarkElement[];
  readonly forms: readonly FormElement[];
}

const only = (...elements: readonly (LarkElement | undefined)[]): Made => ({
  elements: elements.filter((element) => element !== undefined),
  forms: [],
});

function made(block: Block, scope: Scope, depth: number): Made {
  switch (block.kind) {
    case 'text':
      return only(unlessBlank(richMarkdown(block.text, scope), markdown));
    case 'note':
      return only(smallPrint(block.text, scope));
    case 'fields':
      return only(...rows(block.fields, scope));
    case 'list':
      return only(list(block, scope));
    case 'section':
      return section(block, scope, depth);
    case 'buttons':
      return block.buttons.length === 0 ? only() : only(flowing(block.buttons.map(callbackButton)));
    case 'links':
      return only(links(block.links));
    case 'form': {
      const form = formElement(block, scope.names);
      return form?.tag === 'form' ? { elements: [], forms: [form] } : only(form);
    }
    case 'chart':
      return only(chartElement(block, scope.timezone));
    case 'image':
      // The platform shows only images that were uploaded to it, and takes no SVG: what it shows is said in words.
      return only(smallPrint([{ text: block.alt }], scope));
    case 'divider':
      return only({ tag: 'hr' });
  }
  return block satisfies never;
}

const unlessBlank = (text: string, make: (content: string) => Markdown): Markdown | undefined =>
  text === '' ? undefined : make(text);

/** Grey and small; a style of its own wins over grey. */
export const smallPrint = (rich: Rich, scope: MarkdownOptions): Markdown | undefined =>
  unlessBlank(
    richMarkdown(
      rich.map((part) => ('mention' in part || part.style !== undefined ? part : { ...part, style: 'muted' })),
      scope,
    ),
    notation,
  );

/** Half of a phone's row holds about 20 Latin letters; a longer word, such as an id, would be broken anywhere. */
const MAX_WORD = 20;

const fitsHalf = ({ short, value }: Field): boolean =>
  short &&
  value.every((part) => 'mention' in part || !part.text.split(/[\s-]/u).some((word) => word.length > MAX_WORD));

/** Two short fields that follow each other share a row. */
function rows(fields: readonly Field[], scope: Scope): readonly LarkElement[] {
  const elements: LarkElement[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const [first, second] = [fields[at], fields[at + 1]];
    if (first === undefined) break;
    if (fitsHalf(first) && second !== undefined && fitsHalf(second)) {
      elements.push(halves(field(first, scope), field(second, scope)));
      at += 1;
    } else elements.push(field(first, scope));
  }
  return elements;
}

function field({ label, value }: Field, scope: Scope): Markdown {
  const name = richMarkdown([{ text: label, style: 'muted' }], scope);
  return markdown([name, richMarkdown(value, scope)].filter((line) => line !== '').join('\n') || '&#45;');
}

function list({ ordered, items }: Extract<Block, { kind: 'list' }>, scope: Scope): Markdown | undefined {
  const lines = items
    .map((item) => richMarkdown(item, scope).replaceAll('\n', ' '))
    .filter((line) => line !== '')
    .map((line, index) => `${ordered ? `${index + 1}.` : '-'} ${line}`);
  return unlessBlank(lines.join('\n'), markdown);
}

function section(block: Extract<Block, { kind: 'section' }>, scope: Scope, depth: number): Made {
  const inner = block.blocks.map((child) => made(child, scope, depth + 1));
  const elements = inner.flatMap((part) => part.elements);
  const forms = inner.flatMap((part) => part.forms);
  const title = unlessBlank(richMarkdown([{ text: block.title, style: 'bold' }], scope), markdown);
  if (elements.length === 0 || depth >= MAX_PANELS) return { elements: [...only(title).elements, ...elements], forms };
  return { elements: [panel(block.title, !block.collapsed, elements)], forms };
}

function links(all: readonly LinkButton[]): LarkElement | undefined {
  const buttons = all.flatMap(({ text, url }) => {
    const address = URL.parse(url);
    if (address === null || (address.protocol !== 'http:' && address.protocol !== 'https:')) return [];
    // The host is the address's own, whatever the card says: that is what a reader decides by.
    const { host } = address;
    const shown = host.length > MAX_HOST ? `…${host.slice(1 - MAX_HOST)}` : host;
    return [linkButton(`${cut(text, MAX_LINK_TEXT)} · ${shown}`, address.href)];
  });
  return buttons.length === 0 ? undefined : flowing(buttons);
}
