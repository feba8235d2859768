import { wellFormedEnd } from '../redact/clean.ts';
import { estimateTokens } from '../providers/estimate.ts';

/** The beginning of a text that has at most so many estimated tokens, up to the end of a line where one is near. */
export function cutToTokens(text: string, tokens: number): string {
  if (tokens <= 0) return '';
  let kept = text.slice(0, tokens * 2);
  for (let have = estimateTokens(kept); have > tokens; have = estimateTokens(kept))
    kept = kept.slice(0, Math.min(kept.length - 1, Math.floor((kept.length * tokens) / have)));
  if (kept.length === text.length) return text;
  const line = kept.lastIndexOf('\n');
  return wellFormedEnd(line > kept.length * NEAR ? kept.slice(0, line) : kept);
}

const NEAR = 0.8;
