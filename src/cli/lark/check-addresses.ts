import { isLoopback } from '../../channels/lark/domain.ts';
import { objectOf, parseObject } from '../../channels/lark/inbound/read.ts';
import { ANSWER_MS, type Patient } from './patient.ts';
import { sampleBody } from './samples.ts';
import { seal } from './seal.ts';

const PATHS = ['/lark/event', '/lark/card/action'] as const;
/** Platform fact: an address is saved only when the challenge comes back within a second. */
const PLATFORM_MS = 1000;

/** Asks both of our public addresses what the console asks when they are saved. */
export async function checkAddresses(patient: Patient): Promise<void> {
  const { config, t, tell } = patient;
  for (const path of PATHS) await checkAddress(`${config.PUBLIC_URL}${path}`, patient); // oxlint-disable-line no-await-in-loop -- their lines stand in order
  if (!isLoopback(config.PUBLIC_URL)) tell('note', t.address.outside);
}

async function checkAddress(url: string, { config, app, deps, t, tell, within, goOn }: Patient): Promise<void> {
  const now = deps.clock.now();
  const body = sampleBody('challenge', { appId: app.appId, token: config.LARK_VERIFICATION_TOKEN ?? '', now });
  const sealed = seal(JSON.stringify(body), config, now);
  try {
    const request = { method: 'POST', headers: sealed.headers, body: sealed.body, redirect: 'manual' } as const;
    const response = await deps.fetch(url, { ...request, signal: within(ANSWER_MS) });
    const answer = parseObject(await response.text());
    const ms = deps.clock.now() - now;
    const right = answer?.['challenge'] === objectOf(body)?.['challenge'];
    if (response.ok && right)
      tell(ms > PLATFORM_MS ? 'bad' : 'ok', t.address[ms > PLATFORM_MS ? 'slow' : 'ok'](url, ms));
    else tell('bad', t.address[faultOf(response.status)](url, response.status));
  } catch {
    goOn();
    tell('bad', t.address.unreachable(url));
  }
}

function faultOf(status: number): 'refused' | 'missing' | 'redirect' | 'wrong' {
  if (status === 401 || status === 400) return 'refused';
  if (status === 404 || status === 405) return 'missing';
  return status >= 300 && status < 400 ? 'redirect' : 'wrong';
}
