import type { Subject } from './subject.ts';

/**
 * Fills a rule's sentence: `{pod,host|words}` is the first value there is, else the words; `[ in {namespace}]` vanishes
 * whole when a value inside is missing. One pass over the template, so nothing inside a value is ever read as one.
 */
export function fill(template: string, subject: Subject): string {
  const filled = template.replaceAll(PART, (part: string, segment: string | undefined, at: number) => {
    const value = segment === undefined ? (valueOf(part, subject) ?? '') : fillSegment(segment, subject);
    return spaced(value, template.slice(at + part.length));
  });
  return filled.replaceAll(/ {2,}/g, ' ').trim();
}

/**
 * Fills a read-only command, or gives undefined when a value is missing or has any character that could mean something
 * to a shell or start an option: a command with a changed name in it would be about something else.
 */
export function fillCommand(template: string, subject: Subject): string | undefined {
  let harmless = true;
  const filled = template.replaceAll(PLACE, (_place: string, name: string) => {
    const value = subject.get(name) ?? '';
    harmless &&= HARMLESS.test(value);
    return value;
  });
  return harmless ? filled : undefined;
}

/** Chinese text keeps a space after a Latin name; only where the sentence joins them, a value itself is never changed. */
const spaced = (value: string, rest: string): string =>
  /[A-Za-z0-9]$/.test(value) && /^\p{Script=Han}/u.test(rest) ? `${value} ` : value;

const PART = /\[([^[\]]+)\]|\{[^{}]+\}/g;
const PLACE = /\{([^{}]+)\}/g;
const HARMLESS = /^[A-Za-z0-9._:/][A-Za-z0-9._:/-]{0,252}$/;

function fillSegment(segment: string, subject: Subject): string {
  let whole = true;
  const filled = segment.replaceAll(PLACE, (place: string) => {
    const value = valueOf(place, subject);
    whole &&= value !== undefined;
    return value ?? '';
  });
  return whole ? filled : '';
}

function valueOf(place: string, subject: Subject): string | undefined {
  const [names = '', words] = place.slice(1, -1).split('|');
  for (const name of names.split(',')) {
    const value = subject.get(name);
    if (value !== undefined) return value;
  }
  return words;
}
