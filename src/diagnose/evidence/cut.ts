import { estimateTokens } from '../providers/estimate.ts';

const GAP = '…';

/** What tells why something broke, in the words of logs, events and people. */
const DECISIVE =
  /\b(?:fatal|panic|oom\w{0,6}|killed|exception|caused by|errors?|fail(?:ed|ure|ing)?|refused|denied|forbidden|time[d-]? ?out|unavailable|unreachable|exceeded|exhausted|evict\w{0,4}|crash\w{0,12}|back-?off|deadlock|corrupt\w{0,4}|no space|not found|expired|invalid|unauthori[sz]ed|full|critical)\b|失败|错误|异常|超时|拒绝|不足|耗尽|崩溃|过期|不可用|被杀|死锁|满/i;

/**
 * Keeps the lines that tell most, in their order, with `…` where some are missing: those with words of trouble or one
 * of `words`, the first and the last, and those unlike the others. A single long line keeps its beginning and end.
 * At most `tokens` by estimate. Linear but for one sort.
 */
export function cutText(text: string, tokens: number, words: readonly string[] = []): string {
  if (estimateTokens(text) <= tokens) return text;
  const lines = text.split('\n');
  const scores = scoresOf(lines, words);
  const order = lines.map((_, index) => index).toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const kept = new Set<number>();
  // A gap may stand before each line and at the end; with its line break it costs one token.
  let left = tokens - 1;
  for (const index of order) {
    const cost = estimateTokens(`${lines[index] ?? ''}\n`) + 1;
    if (cost > left) continue;
    kept.add(index);
    left -= cost;
  }
  const [best] = order;
  return kept.size === 0 && best !== undefined ? bothEnds(lines[best] ?? '', tokens) : joined(lines, kept);
}

function joined(lines: readonly string[], kept: ReadonlySet<number>): string {
  const shown: string[] = [];
  lines.forEach((line, index) => {
    if (kept.has(index)) shown.push(line);
    else if (shown.at(-1) !== GAP) shown.push(GAP);
  });
  return shown.join('\n');
}

function scoresOf(lines: readonly string[], words: readonly string[]): readonly number[] {
  const known = words.filter((word) => word !== '').map((word) => word.toLowerCase());
  const masks = lines.map((line) => line.slice(0, 400).replaceAll(/[\da-f]{6,}|\d+/gi, '#'));
  const counts = new Map<string, number>();
  for (const mask of masks) counts.set(mask, (counts.get(mask) ?? 0) + 1);
  return lines.map((line, index) => {
    const head = line.slice(0, 2000);
    const lower = head.toLowerCase();
    const named = known.some((word) => lower.includes(word)) ? 2 : 0;
    const decisive = DECISIVE.test(head) ? 2 : 0;
    const edge = index < 2 || index === lines.length - 1 ? 1 : 0;
    return named + decisive + edge + 1 / (counts.get(masks[index] ?? '') ?? 1) - (line.trim() === '' ? 3 : 0);
  });
}

/** Two thirds from the beginning, the rest from the end; whole code points. */
function bothEnds(line: string, tokens: number): string {
  const room = Math.max(0, tokens - 1);
  const head = prefix(line, Math.ceil((room * 2) / 3));
  const tail = prefix(line.split('').toReversed().join(''), room - estimateTokens(head));
  const end = tail.split('').toReversed().join('');
  return `${head}${GAP}${end}`.toWellFormed().replaceAll('\uFFFD', '');
}

/** The longest beginning of at most so many tokens. */
function prefix(text: string, tokens: number): string {
  let low = 0;
  let high = Math.min(text.length, Math.max(0, tokens) * 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (estimateTokens(text.slice(0, middle)) <= tokens) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low);
}
