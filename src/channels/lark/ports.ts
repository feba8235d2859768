import type { Card } from '../../cards/card.ts';
import type { Locale } from '../../types.ts';

/** The neutral card as the platform's JSON 2.0, within the platform's limits. */
export type RenderCard = (card: Card, context: { readonly locale: Locale }) => object;

/** The signing secret of a custom bot by its address, none when it has none. */
export type SecretOf = (address: string) => Promise<string | undefined>;
