import type { Respond } from '../incident/ports.ts';

/** What operations need done by other rooms; `app.ts` hands them in. */
export interface OperationPorts {
  readonly respond: Respond;
}
