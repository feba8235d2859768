import type { Card, Tone } from '../../../cards/card.ts';
import { cut } from '../../../cards/clean.ts';
import { plainText, textTag } from './elements.ts';
import { MAX_HEADER_TAGS } from './limits.ts';
import { oneLine } from './markdown.ts';
import type { HeaderColour, LarkHeader, TagColour } from './wire.ts';

/** The colours' meanings are the platform's own advice: red fails, orange warns, green is done, grey is void [LD title]. */
const HEADER: Readonly<Record<Tone, HeaderColour>> = {
  critical: 'red',
  warning: 'orange',
  info: 'blue',
  resolved: 'green',
  stale: 'grey',
  neutral: 'default',
};

const TAG: Readonly<Record<Tone, TagColour>> = {
  critical: 'red',
  warning: 'orange',
  info: 'blue',
  resolved: 'green',
  stale: 'neutral',
  neutral: 'neutral',
};

/** What the chat list has room for. */
const MAX_SUMMARY = 200;

/** How bad by its colour, what, which; three tags are shown and a fourth is not. */
export function headerOf({ tone, title, subtitle, tags }: Card): LarkHeader {
  const shown = tags.slice(0, MAX_HEADER_TAGS);
  return {
    template: HEADER[tone],
    title: plainText(oneLine(title) || '…'),
    ...(subtitle !== undefined && oneLine(subtitle) !== '' && { subtitle: plainText(subtitle) }),
    ...(shown.length > 0 && { text_tag_list: shown.map(({ text, tone: of }) => textTag(text, TAG[of])) }),
  };
}

/** The whole story in one line, for the chat list and for notifications. */
export const summaryOf = ({ title, subtitle = '' }: Card): string =>
  cut([title, subtitle].map(oneLine).filter(Boolean).join(' · '), MAX_SUMMARY);
