import type { Lanes } from './lanes.ts';
import type { DeliveryDeps } from './ports.ts';

/** What a round works with besides what the program handed in. */
export interface RoundDeps extends DeliveryDeps {
  readonly lanes: Lanes;
  /** Names this process as holder of lanes. */
  readonly holder: string;
  readonly newKey: () => string;
}
