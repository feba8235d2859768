/**
 * Untrusted text as one harmless line: control characters become spaces; bidi overrides, zero-width and other
 * invisible characters disappear (they can reorder or hide what a reader sees); runs of white space become one space.
 * At most `max` code points, the last one `…` when something was cut. Never throws, whatever the input.
 */
export function clean(text: string, max: number): string {
  // A label can be megabytes; nothing past this bound can survive the cut unless nearly all of it is invisible.
  const bounded = text.length > max * 16 + 64 ? text.slice(0, max * 16 + 64) : text;
  const visible = bounded
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return cut(visible, max, bounded.length < text.length);
}

/** A command keeps its line ends visible as `⏎`: run together, two commands would be a third one. */
export const cleanCommand = (command: string, max: number): string =>
  clean(command.trim().replace(/\s*\r?\n\s*/gu, ' ⏎ '), max);

/** Cuts at a code point, never inside one; the last of `max` is then `…`. */
export function cut(text: string, max: number, longer = false): string {
  if (max <= 0) return '';
  if (text.length <= max && !longer) return text;
  const points = Array.from(text);
  if (points.length <= max && !longer) return text;
  return `${points.slice(0, max - 1).join('')}…`;
}
