import type { Labels } from '../../../types.ts';
import { toldOf } from '../../facts.ts';
import type { About } from '../source.ts';

const PLACES = [
  'pod',
  'namespace',
  'deployment',
  'service',
  'host',
  'hostname',
  'instance',
  'queue',
  'pvc',
  'job',
] as const;
/** Shorter names stand in too many others. */
const LEAST_NAME = 3;

/** Whether a series is about something that the alert names, or is called after it: `cart-02:9100` after `cart`. */
export function relationTo(about: About, labels: Labels): boolean {
  const values = Object.entries(labels)
    .filter(([name]) => !COMMON.test(name))
    .map(([, value]) => value.toLowerCase());
  const names = PLACES.flatMap((place) => about.subject.get(place)?.toLowerCase() ?? []);
  if (names.some((name) => values.some((value) => contains(value, name)))) return true;
  const said = toldOf(about.facts)
    .map(({ title, summary = '' }) => `${title}\n${summary}`.slice(0, 2000).toLowerCase())
    .join('\n');
  return values.some((value) => /\D/.test(value) && contains(said, value.replace(/:\d{1,5}$/, '')));
}

/** What everything in one place shares. */
const COMMON =
  /^(?:__name__|job|env|environment|cluster|region|zone|severity|fstype|vhost|phase|condition|status|device)$/;

/** As a word of its own. */
function contains(text: string, word: string): boolean {
  if (word.length < LEAST_NAME) return false;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const [before = ' ', after = ' '] = [text[at - 1], text[at + word.length]];
    if (!PART.test(before) && !PART.test(after)) return true;
  }
  return false;
}

const PART = /[a-z0-9]/;
