import type { Labels } from '../../types.ts';
import type { Subject } from '../subject.ts';

/** A PromQL string literal of any text: nothing in it can end the literal. */
export function quoted(value: string): string {
  const body = value
    .toWellFormed()
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll(/\p{Cc}/gu, (char) => String.raw`\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${body}"`;
}

/** A string literal of a regular expression (RE2) that matches exactly this text. */
export const quotedPattern = (value: string): string => quoted(patternOf(value));

const patternOf = (value: string): string => value.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

/** A selector of series with these labels. Names that are no label names are left out. */
export function selector(labels: Labels, more: readonly string[] = []): string {
  const matchers = Object.entries(labels)
    .filter(([name]) => isLabelName(name))
    .map(([name, value]) => `${name}=${quoted(value)}`);
  return `{${[...more, ...matchers].join(',')}}`;
}

export const isLabelName = (name: string): boolean => /^[a-zA-Z_]\w{0,127}$/.test(name);

/** A vector of one sample with these labels, for matching another one `on` them. */
export const labelled = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([name]) => isLabelName(name))
    .reduce(
      (vector, [name, value]) => `label_replace(${vector},"${name}",${quoted(value.replaceAll('$', '$$$$'))},"","")`,
      'vector(1)',
    );

/**
 * Fills `"{pod}"` with the subject's pod, and `"{pod:re}"` with a pattern of it; both stand inside quotes.
 * None when a value is missing, or was shortened and so cannot match.
 */
export function fill(template: string, subject: Subject): string | undefined {
  let whole = true;
  const query = template.replaceAll(/\{([a-z]{1,20})(:re)?\}/g, (_, name: string, pattern?: string) => {
    const value = subject.get(name);
    if (value === undefined || value === '' || value.endsWith('…')) whole = false;
    return (pattern === undefined ? quoted(value ?? '') : quotedPattern(value ?? '')).slice(1, -1);
  });
  return whole ? query : undefined;
}
