import type { Channel, Receive } from '../channels/channel.ts';
import { createLarkApi } from '../channels/lark/api.ts';
import { larkCard } from '../channels/lark/card/lark-card.ts';
import { withFallback } from '../channels/lark/fallback.ts';
import { createLarkHook } from '../channels/lark/hook.ts';
import { createLark } from '../channels/lark/lark.ts';
import type { RenderCard } from '../channels/lark/ports.ts';
import type { LarkApp } from '../channels/lark/sdk.ts';
import type { Config } from '../config.ts';
import type { Operators } from '../operations/operators-port.ts';
import { createTargetSecrets } from '../store/target-secrets.ts';
import type { Ground } from './ground.ts';
import { createLarkCalls } from './lark-calls.ts';
import { type LarkEars, createLarkEars } from './lark-ears.ts';

/** The Lark app of the configuration. */
export interface LarkSide {
  readonly channel: Channel;
  /** Its way in, once there is somebody who listens. */
  listen(receive: Receive, operators: Pick<Operators, 'byExternalId'>): LarkEars;
}

/** Longest wait for an answer of the platform; a call's own deadline is shorter. */
const FETCH_TIMEOUT_MS = 15_000;

/** Nothing without `LARK_APP_ID`; the platform's client is loaded by the first call. */
export function createLarkSide(deps: Ground): LarkSide | undefined {
  const { config, edges, log, storage } = deps;
  const { LARK_APP_ID: appId, LARK_APP_SECRET: appSecret } = config;
  if (appId === undefined || appSecret === undefined) return undefined;
  const app: LarkApp = { appId, appSecret, domain: config.LARK_DOMAIN };
  const { clock, random } = edges;
  const { allowance, meter } = createLarkCalls(deps, appId);
  const api = createLarkApi({ ...app, clock, random, log, meter, allowance, fetchTimeoutMs: FETCH_TIMEOUT_MS });
  const render = rendererOf(config);
  const thrifty = (): boolean => meter.standing() !== 'plenty';
  const secrets = createTargetSecrets(storage.database, storage.sealer);
  const channel = withFallback({
    lark: createLark({ appId, api, larkCard: render, clock, log, thrifty }),
    botsWith: (secret) =>
      createLarkHook({ ...edges, larkCard: render, secretOf: async () => secret, domain: config.LARK_DOMAIN }),
    fallbackOf: (address) => secrets.fallbackOf('lark', address),
    spent: () => allowance.spentUntil() !== undefined,
    log,
  });
  return {
    channel,
    listen: (receive, operators) =>
      createLarkEars({ ...deps, app, api, render, thrifty, allowance, receive, operators }),
  };
}

/** The neutral card in the platform's form. */
export const rendererOf =
  ({ TIMEZONE, PUBLIC_URL }: Config): RenderCard =>
  (card, way) =>
    larkCard(card, { ...way, timezone: TIMEZONE, publicUrl: PUBLIC_URL });
