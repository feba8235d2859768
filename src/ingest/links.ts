import type { Link, LinkKind } from '../incident/alert.ts';
import type { Labels } from '../types.ts';

const MAX_LINKS = 12;
const MAX_LENGTH = 2048;

/** A safe link or none: http(s) only, no credentials in it; a relative address needs its base. */
export function linkOf(kind: LinkKind, url: string | null | undefined, base?: string | null): Link | undefined {
  if (url === undefined || url === null || url === '' || url.length > MAX_LENGTH) return undefined;
  const parsed = URL.parse(url, base ?? undefined);
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return undefined;
  if (parsed.username !== '' || parsed.password !== '') [parsed.username, parsed.password] = ['', ''];
  return { kind, url: parsed.href };
}

/** Which kind an annotation with an address is, by its name. */
const KINDS: readonly (readonly [RegExp, LinkKind])[] = [
  [/runbook|playbook|手册/i, 'runbook'],
  [/dashboard|面板/i, 'dashboard'],
  [/panel/i, 'panel'],
  [/image|screenshot/i, 'image'],
  [/graph|query/i, 'graph'],
];

/** Annotations whose whole value is an address. */
export function annotationLinks(annotations: Labels): readonly (Link | undefined)[] {
  const links: (Link | undefined)[] = [];
  for (const name in annotations) {
    const value = annotations[name] ?? '';
    if (!value.startsWith('http') || /\s/.test(value)) continue;
    links.push(linkOf(KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other', value));
  }
  return links;
}

/** Each address once, the first kind wins, at most a dozen. */
export function linksOf(...links: readonly (Link | undefined)[]): readonly Link[] {
  const kept: Link[] = [];
  for (const link of links) {
    if (link === undefined || kept.some(({ url }) => url === link.url)) continue;
    kept.push(link);
    if (kept.length === MAX_LINKS) break;
  }
  return kept;
}
