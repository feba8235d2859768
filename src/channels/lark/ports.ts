import type { Card } from '../../cards/card.ts';
import type { Locale } from '../../types.ts';

/** The neutral card as the platform's JSON 2.0, never above its limits: what is too big is shortened. */
export type RenderCard = (card: Card, way: CardWay) => object;

export interface CardWay {
  readonly locale: Locale;
  /** False where nobody can answer a press: no buttons and forms but those that open an address. */
  readonly callbacks?: boolean;
  /** UTF-8 bytes of the JSON, when that is less than a message of an app may have. */
  readonly maxBytes?: number;
}

/** The signing secret of a custom bot by its address, none when it has none. */
export type SecretOf = (address: string) => Promise<string | undefined>;
