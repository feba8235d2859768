import type { CardContext } from '../cards/view.ts';
import type { DeliveryDeps } from './ports.ts';
import type { Target } from './target-ports.ts';

/** For whom a target's cards are built. */
export const contextOf = (target: Target, { config }: Pick<DeliveryDeps, 'config'>): CardContext => ({
  locale: target.locale ?? config.locale,
  timezone: target.timezone ?? config.timezone,
  publicUrl: config.publicUrl,
});
