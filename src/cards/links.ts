import type { Link, LinkKind } from '../incident/alert.ts';
import type { LinkButton } from './card.ts';
import type { Texts } from './texts/zh-cn.ts';
import type { CardContext } from './view.ts';

/** What helps first comes first. */
const ORDER: readonly LinkKind[] = ['runbook', 'dashboard', 'panel', 'graph', 'image', 'source', 'other', 'silence'];

/** Longer addresses are refused by some platform or other. */
const LONGEST_URL = 2000;

/** The alerts' addresses as buttons, most useful first, each once, at most `max`; what is no http(s) address is left out. */
export function linkButtons(links: readonly Link[], t: Texts, max: number): readonly LinkButton[] {
  const ordered = links.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const buttons = new Map<string, LinkButton>();
  for (const { kind, url } of ordered) {
    const button = linkButton(t.linkKind[kind], url);
    if (button !== undefined && !buttons.has(button.url)) buttons.set(button.url, button);
  }
  return [...buttons.values()].slice(0, max);
}

/**
 * A button that opens `url`, or nothing when that is not an http(s) address. The host is the parser's, so international
 * names appear in punycode and `http://bank.example@evil.example` says evil.example; credentials are removed.
 */
export function linkButton(text: string, url: string): LinkButton | undefined {
  if (url.length > LONGEST_URL) return undefined;
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return undefined;
  parsed.username = '';
  parsed.password = '';
  if (parsed.href.length > LONGEST_URL) return undefined;
  return { text, host: parsed.host, url: parsed.href };
}

/** The incident's own page on the console. */
export const incidentUrl = (id: string, context: CardContext): string =>
  `${context.publicUrl.replace(/\/+$/u, '')}/incidents/${encodeURIComponent(id)}`;
