import type { Card } from '../../../cards/card.ts';
import { fewerButtons } from '../../../cards/fewer-buttons.ts';
import { type More, fit } from '../../../cards/fit.ts';
import { bytesOf, elementsOf, pressable } from '../../../cards/measure.ts';
import { texts } from '../../../cards/texts/texts.ts';
import type { Locale } from '../../../types.ts';
import { type Drawing, drawCard } from './draw.ts';
import { MAX_ELEMENTS, TARGET_BYTES } from './limits.ts';
import { jsonBytes, taggedIn } from './tagged.ts';
import { validateLarkCard } from './validate.ts';
import type { LarkCard } from './wire.ts';

/** For whom and for which way of sending a card is made. */
export interface LarkCardContext extends Drawing {
  readonly locale: Locale;
  /** The console: where a shortened card leads when it has no link to its incident's page. */
  readonly publicUrl?: string;
  /** False for a custom bot, whose cards can only open addresses: no buttons, no forms. */
  readonly callbacks?: boolean;
  /** UTF-8 bytes of the card as JSON; `TARGET_BYTES` when absent, `HOOK_TARGET_BYTES` for a custom bot. */
  readonly maxBytes?: number;
}

/** By how much a card that is too big is made smaller at each attempt. */
const STEP = 0.88;
/** From the biggest card that anybody builds down to a title: 0.88^60 is less than a thousandth. */
const MAX_ATTEMPTS = 60;

/**
 * The neutral card in JSON 2.0. Always a card that `validateLarkCard` has nothing against: one that is too big is
 * shortened as `fit` does it, with a link to the whole; in the end its title alone remains. Pure.
 */
export function larkCard(card: Card, context: LarkCardContext): LarkCard {
  const maxBytes = context.maxBytes ?? TARGET_BYTES;
  const whole = context.callbacks === false ? fewerButtons(card, 0) : card;
  const more = moreOf(card, context);
  let limits = { bytes: bytesOf(whole), elements: elementsOf(whole), buttons: pressable(whole) };
  let candidate = whole;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const made = drawCard(candidate, context);
    if (validateLarkCard(made, maxBytes).length === 0) return made;
    const tooMany = taggedIn(made).length > MAX_ELEMENTS;
    const tooBig = jsonBytes(made) > maxBytes || !tooMany;
    limits = {
      ...limits,
      bytes: Math.floor(limits.bytes * (tooBig ? STEP : 1)),
      elements: Math.floor(limits.elements * (tooMany ? STEP : 1)),
    };
    candidate = fit(whole, limits, more);
  }
  return drawCard({ tone: card.tone, title: '…', tags: [], blocks: [] }, context);
}

/** The incident's page on the console, which the card itself knows when nobody else says where that is. */
function moreOf({ blocks, incidentId }: Card, { locale, publicUrl }: LarkCardContext): More | undefined {
  const text = texts(locale).card.details;
  const links = blocks.flatMap((block) => (block.kind === 'links' ? block.links : []));
  const page = incidentId === undefined ? undefined : `/incidents/${encodeURIComponent(incidentId.toWellFormed())}`;
  const own = page === undefined ? undefined : links.findLast(({ url }) => url.endsWith(page));
  const given = publicUrl === undefined ? undefined : `${publicUrl.replace(/\/+$/u, '')}${page ?? '/'}`;
  const url = given ?? own?.url;
  return url === undefined ? undefined : { text, url };
}
