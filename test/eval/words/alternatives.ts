/** Variants of one pattern; more than these are not looked at one by one. */
const MOST = 500;

/**
 * The ways in which a regular expression can match, one for each alternative: of the whole, and of each group in it
 * while the rest stays as it is. `a(b|c)|d` has `a(?:b)`, `a(?:c)` and `d`. Lookarounds stay whole.
 */
export function alternativesOf(source: string): readonly string[] {
  const found: string[] = [];
  const open = [...split(source)];
  for (let one = open.shift(); one !== undefined && found.length < MOST; one = open.shift()) {
    const variants = variantsOf(one);
    if (variants === undefined) found.push(one);
    else open.push(...variants);
  }
  return found;
}

/** By the first group that has alternatives, each in its place; none when no group has any. */
function variantsOf(source: string): readonly string[] | undefined {
  for (const { from, to } of groupsOf(source)) {
    const [opening = '('] = /^\((?:\?:|\?<[A-Za-z]\w*>)?/.exec(source.slice(from)) ?? [];
    const inner = source.slice(from + opening.length, to);
    const parts = split(inner);
    if (parts.length > 1) return parts.map((part) => `${source.slice(0, from)}(?:${part})${source.slice(to + 1)}`);
  }
  return undefined;
}

/** Groups that are no lookarounds, outer ones first; `to` is their closing bracket. */
function groupsOf(source: string): readonly { readonly from: number; readonly to: number }[] {
  const groups: { from: number; to: number }[] = [];
  const open: number[] = [];
  walk(source, (character, at) => {
    if (character === '(') open.push(at);
    if (character !== ')') return;
    const from = open.pop();
    if (from !== undefined && !/^\(\?(?:=|!|<=|<!)/.test(source.slice(from))) groups.push({ from, to: at });
  });
  return groups.toSorted((a, b) => a.from - b.from);
}

/** At every `|` that stands in no group and no class. */
function split(source: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  walk(source, (character, at) => {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character !== '|' || depth > 0) return;
    parts.push(source.slice(from, at));
    from = at + 1;
  });
  return [...parts, source.slice(from)];
}

/** Tells of each character that means something: neither escaped nor in a class. */
function walk(source: string, seen: (character: string, at: number) => void): void {
  let inClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '[' && !inClass) inClass = true;
    else if (character === ']') inClass = false;
    else if (!inClass) seen(character, at);
  }
}
