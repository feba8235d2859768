import { isLoopback, openDomain } from '../../channels/lark/domain.ts';
import type { Patient } from './patient.ts';

/** What the configuration says, and what of it cannot work. */
export function checkConfig({ config, app, t, tell }: Patient): void {
  const { LARK_MODE: mode, LARK_ENCRYPT_KEY: key, LARK_VERIFICATION_TOKEN: token, PUBLIC_URL: url } = config;
  const domain = openDomain(app.domain);
  tell('ok', t.config.app(app.appId, domain));
  if (mode === 'websocket') {
    tell('ok', t.config.mode.websocket);
    if (key !== undefined || token !== undefined) tell('note', t.config.served);
    return;
  }
  tell('ok', t.config.mode.webhook(url));
  if (key === undefined) tell('note', t.config.noKey);
  else tell('ok', t.config.keys);
  if (isLoopback(url) && !isLoopback(domain)) tell('bad', t.config.notPublic(url));
}
