/** What an alert's own expression compares, and with what. */
export interface Comparison {
  /** An expression whose value can be followed over time. */
  readonly value: string;
  /** `> 0.9`, when it is compared with a number. */
  readonly threshold?: { readonly operator: string; readonly limit: number };
}

const MOST_CHARACTERS = 4000;
const MOST_DEPTH = 20;

/**
 * Takes the comparison off an alert's expression, so that its value is seen also while nothing fires. Of several
 * conditions joined by `and`, `or`, `unless` the first counts. An expression without a comparison is its own value.
 * None when brackets or quotes do not match, or it is too long: then it is nothing that a server would take either.
 */
export function comparisonOf(expression: string): Comparison | undefined {
  if (expression.length > MOST_CHARACTERS) return undefined;
  const tokens = tokensOf(expression);
  return tokens === undefined ? undefined : first(tokens);
}

/** `closes` is the index of the token that ends the group which this one opens. */
interface Token {
  readonly text: string;
  readonly kind: 'word' | 'string' | 'number' | 'operator' | 'open' | 'close';
  readonly depth: number;
}

const TOKEN =
  /(?<space>[\s]+|#[^\n]*)|(?<string>"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'|`[^`]*`)|(?<number>(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![\w.]))|(?<word>[\w:.$]+)|(?<open>[([{])|(?<close>[)\]}])|(?<operator>=~|!~|==|!=|>=|<=|[<>=+\-*/%^,@])/gimuy;

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function tokensOf(expression: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const open: string[] = [];
  let end = 0;
  for (const { index, 0: text, groups } of expression.matchAll(TOKEN)) {
    if (index !== end) return undefined;
    end += text.length;
    const kind = kindOf(groups);
    if (kind === undefined) continue;
    if (kind === 'close' && open.pop() !== text) return undefined;
    tokens.push({ text, kind, depth: open.length });
    if (kind === 'open') open.push(PAIRS[text] ?? '');
    if (open.length > MOST_DEPTH) return undefined;
  }
  return end === expression.length && open.length === 0 && tokens.length > 0 ? tokens : undefined;
}

const KINDS = ['string', 'number', 'word', 'open', 'close', 'operator'] as const;

const kindOf = (groups: Readonly<Record<string, string | undefined>> | undefined): Token['kind'] | undefined =>
  KINDS.find((kind) => groups?.[kind] !== undefined);

function first(tokens: readonly Token[]): Comparison {
  const inner = unwrapped(tokens);
  const depth = inner[0]?.depth ?? 0;
  const isTop = (token: Token): boolean => token.depth === depth;
  const joined = inner.findIndex((token) => isTop(token) && /^(?:and|or|unless)$/i.test(token.text));
  if (joined > 0) return first(inner.slice(0, joined));
  const at = inner.findIndex((token) => isTop(token) && /^(?:==|!=|>=|<=|>|<)$/.test(token.text));
  if (at <= 0) return { value: textOf(inner) };
  const operator = inner[at]?.text ?? '';
  const left = unwrapped(inner.slice(0, at));
  const right = inner.slice(at + 1);
  const limit = numberOf(right);
  if (limit !== undefined) return { value: textOf(left), threshold: { operator, limit } };
  const swapped = numberOf(left);
  if (swapped === undefined) return { value: textOf(left) };
  return { value: textOf(right), threshold: { operator: MIRRORED[operator] ?? operator, limit: swapped } };
}

const MIRRORED: Readonly<Record<string, string>> = { '>': '<', '<': '>', '>=': '<=', '<=': '>=' };

/** Without the brackets around the whole. */
function unwrapped(tokens: readonly Token[]): readonly Token[] {
  const [start] = tokens;
  if (start?.text !== '(') return tokens;
  const end = tokens.findIndex((token, index) => index > 0 && token.kind === 'close' && token.depth === start.depth);
  return end === tokens.length - 1 ? unwrapped(tokens.slice(1, -1)) : tokens;
}

function numberOf(tokens: readonly Token[]): number | undefined {
  const text = unwrapped(tokens.filter(({ text: one }) => one !== 'bool'))
    .map(({ text: one }) => one)
    .join('');
  const value = /^[+-]?(?:0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Tokens apart from each other: a comment is gone, and no two words grow together. */
const textOf = (tokens: readonly Token[]): string =>
  tokens.reduce((text, { text: token }, index) => {
    const before = tokens[index - 1]?.text ?? '';
    const tight = index === 0 || /^[([{]$/.test(before) || /^[)\]},]$/.test(token) || isCall(before, token);
    return `${text}${tight ? '' : ' '}${token}`;
  }, '');

const isCall = (before: string, token: string): boolean => /^[([{]$/.test(token) && /^[\w:.$]+$/.test(before);
