import { isHarmless, looksRandom } from './look.ts';
import type { Rule } from './rule.ts';

/** Secrets by the place they travel in: headers, addresses, command lines, statements. */
export const CARRIED_RULES: readonly Rule[] = [
  {
    kind: 'secret',
    pattern:
      /authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?(?:(?:bearer|basic|digest|token|apikey|negotiate|[a-z0-9]{1,12}-hmac-sha256)\s{1,3})?([^\s"',;\\]{4,4096})/gi,
    accept: (value, [all]) =>
      !isHarmless(value) && (/(?:bearer|basic|digest|token|apikey)\s/i.test(all) || looksRandom(value)),
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
  // Command lines
  {
    kind: 'secret',
    pattern: /--?(?:password|passwd|pass|secret|token|api-key|requirepass|masterauth)\s{1,2}["']?([^\s"']{3,256})/gi,
    accept: (value) => !isHarmless(value) && !value.startsWith('-'),
  },
  { kind: 'secret', pattern: /\bmysql(?:dump|admin|check|slap)?[ \t][^\n|;]{0,120}?\s-p([^\s"']{3,128})/g },
  {
    kind: 'secret',
    pattern: /\b(?:sshpass[ \t]{1,2}-p|redis-cli[ \t][^\n|;]{0,80}?-a)[ \t]{0,2}["']?([^\s"']{3,128})/g,
  },
  {
    kind: 'secret',
    pattern: /\s(?:-u|--user)[= ]{1,2}["']?[\w.@-]{1,64}:([^\s"'@]{3,128})/g,
    accept: (value) => !/^\d{1,6}$/.test(value),
  },
  // Statements: IDENTIFIED BY 'x', PASSWORD 'x'
  {
    kind: 'secret',
    pattern: /\b(?:identified\s{1,3}by|password)\s{1,3}\\{0,3}(?:'([^'\n]{1,128})|"([^"\n]{1,128}))/gi,
    accept: (value) => !isHarmless(value),
  },
];

function isUserAndPassword(value: string): boolean {
  const plain = Buffer.from(value, 'base64').toString('latin1');
  return /^[\x20-\x7E]{1,64}:[\x20-\x7E]{1,512}$/.test(plain);
}
