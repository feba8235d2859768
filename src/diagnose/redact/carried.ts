import { isHarmless, looksRandom } from './look.ts';
import type { Rule } from './rule.ts';

/** Secrets by the place they travel in: headers and addresses. */
export const CARRIED_RULES: readonly Rule[] = [
  {
    kind: 'secret',
    pattern:
      /authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?(?:(?:bearer|basic|digest|token|apikey|negotiate|[a-z0-9]{1,12}-hmac-sha256)(?:\s|%20|\+){1,3})?([^\s"',;\\]{4,4096})/gi,
    accept: (value, [all]) =>
      !isHarmless(value) &&
      (/(?:bearer|basic|digest|token|apikey)(?:\s|%20|\+)/i.test(all) ||
        (/^[\w+/=-]{16,4096}$/.test(value) && looksRandom(value))),
  },
  { kind: 'secret', pattern: /\bbearer\s{1,3}([\w.~+/=-]{8,4096})/gi, accept: (value) => looksRandom(value) },
  { kind: 'secret', pattern: /\bbasic\s{1,3}([A-Za-z0-9+/]{6,1024}={0,2})/gi, accept: isUserAndPassword },
  {
    kind: 'secret',
    pattern: /\bcookie\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?([^\n"']{3,4096})/gi,
    accept: (value) => /[\w-]{1,64}=\S/.test(value.slice(0, 200)),
  },
  // user:password@ of an address. The password may have an @ of its own, and its @ may be written %40.
  {
    kind: 'secret',
    pattern: /:\\{0,3}\/\\{0,3}\/[^\s:@/"'<>]{0,64}:([^\s/"'<>]{1,128})(?=@)/g,
    accept: (value) => !isHarmless(value),
  },
  // Go's data source names: user:password@tcp(host:port)/db
  { kind: 'secret', pattern: /(?<=[\w.-]:)([^\s:/]{1,64})(?=@(?:tcp|udp|unix)\()/g },
  {
    kind: 'secret',
    pattern: /[?&](?:key|code|sig|sign|[\w-]{1,24}-signature|[\w-]{1,24}-security-token)=([^\s&"'<>]{16,1024})/gi,
    accept: looksRandom,
  },
];

function isUserAndPassword(value: string): boolean {
  const plain = Buffer.from(value, 'base64').toString('latin1');
  return /^[\x20-\x7E]{1,64}:[\x20-\x7E]{1,512}$/.test(plain);
}
