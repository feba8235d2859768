import type { createDiagnoser } from '../diagnose/diagnose.ts';
import type { KnownAlert } from '../diagnose/ports.ts';
import type { Alert } from '../incident/alert.ts';
import type { OperationPorts } from '../operations/ports.ts';
import type { EpochMs } from '../types.ts';

/** Somebody waits for the answer, so it is not given long. */
const EXAMINE_MS = 5000;

/** Diagnoses alerts that a person pasted; nothing is stored. */
export const createExamine =
  (diagnoser: Pick<ReturnType<typeof createDiagnoser>, 'examine'>): OperationPorts['examine'] =>
  (alerts, now) =>
    diagnoser.examine(factsOf(alerts, now), AbortSignal.timeout(EXAMINE_MS));

/** Alerts of no incident, as a diagnosis wants them: the first stands for the incident there is none of. */
function factsOf(alerts: readonly Alert[], now: EpochMs) {
  const known = alerts.map((alert, index): KnownAlert => ({ ...alert, id: `pasted-${index}`, receivedAt: now }));
  const [first] = alerts;
  const incident = {
    id: '',
    status: 'open',
    severity: first?.severity ?? 'warning',
    title: first?.title ?? '',
    summary: first?.summary ?? '',
    source: first?.source ?? '',
    integration: first?.integration ?? '',
    labels: first?.labels ?? {},
    openedAt: now,
  } as const;
  return { incident, alerts: known };
}
