import { z } from 'zod';
import type { Door } from '../../channels/lark/inspect.ts';
import { hostOf } from '../beside.ts';
import { otherCloud } from './check-app.ts';
import { openEars } from './ears.ts';
import { ANSWER_MS, type Patient, reasonOf } from './patient.ts';

const CONNECT_MS = 15_000;

/** A server of ours that runs beside and has something to say about Lark. */
export interface Beside {
  readonly connected: boolean;
  readonly reason: string;
}

/** The long connection: of the server that runs beside, else for a moment one of our own. */
export async function checkConnection(patient: Patient, beside: Beside | undefined): Promise<void> {
  const { config, t, tell } = patient;
  const open = await checkDoor(patient);
  if (beside !== undefined) {
    if (beside.connected) tell('ok', t.connection.server(config.PORT));
    else tell('bad', t.connection.serverDown(config.PORT, beside.reason));
    return;
  }
  if (!open) return;
  const ears = openEars(patient, () => undefined);
  try {
    await ears.connected(CONNECT_MS);
    tell('ok', t.connection.ok);
    tell('note', t.connection.shared);
  } catch (error) {
    patient.goOn();
    tell('bad', t.connection.failed(reasonOf(error)));
  } finally {
    await ears.close();
  }
}

async function checkDoor({ inspection, app, t, tell, within, goOn }: Patient): Promise<boolean> {
  try {
    const fault = faultOf(await inspection.door(within(ANSWER_MS)), app.domain, t.connection.door);
    tell(fault === undefined ? 'ok' : 'bad', fault ?? t.connection.door.ok);
    return fault === undefined;
  } catch (error) {
    goOn();
    tell('bad', t.connection.failed(reasonOf(error)));
    return false;
  }
}

type DoorTexts = Patient['t']['connection']['door'];

type Trouble = Exclude<keyof DoorTexts, 'ok'>;

/** Codes as seen at the door (node-sdk 1.74.0, and reports from the field). */
const TROUBLES: ReadonlyMap<number, Trouble> = new Map([
  [1000040351, 'otherCloud'],
  [1000040346, 'badApp'],
  [403, 'badSecret'],
  [514, 'badSecret'],
  [1000040350, 'tooMany'],
  [1, 'busy'],
  [1000040343, 'busy'],
  [1000040345, 'busy'],
]);

function faultOf({ status, code, told }: Door, domain: string, t: DoorTexts): string | undefined {
  if (code === 0 && status < 400) return undefined;
  const reason = `${code ?? `HTTP ${status}`} ${told}`.trim();
  const trouble = TROUBLES.get(code ?? 0) ?? (status >= 500 ? 'busy' : 'refused');
  if (trouble === 'tooMany') return t.tooMany;
  return t[trouble](trouble === 'otherCloud' ? (otherCloud(domain) ?? 'feishu|lark') : reason);
}

const Ready = z.object({
  data: z.object({ parts: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string() })) }),
});
const NEAR_MS = 2000;

/** What the server on `PORT` of this machine says of Lark; undefined when none runs, or it serves no Lark. */
export async function lookBeside({ config, deps, within }: Patient): Promise<Beside | undefined> {
  if (config.PORT === 0) return undefined;
  try {
    const response = await deps.fetch(`http://${hostOf(config)}:${config.PORT}/readyz`, { signal: within(NEAR_MS) });
    const { data } = Ready.parse(await response.json());
    const part = data.parts.find(({ name }) => name === 'lark');
    return part && { connected: part.ok, reason: part.reason };
  } catch {
    return undefined;
  }
}
