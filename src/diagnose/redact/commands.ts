import { isHarmless, looksRandom } from './look.ts';
import type { Rule } from './rule.ts';

const isArgument = (value: string): boolean => !isHarmless(value) && !value.startsWith('-');

/** Secrets in command lines, as shells and process lists have them, and in statements of databases. */
export const COMMAND_RULES: readonly Rule[] = [
  {
    kind: 'secret',
    pattern:
      /(?<![\w-])--?(?:[A-Za-z][\w-]{0,24}?)?(?:password|passwd|pass|secret|token|api-key|requirepass|masterauth)["']?(?:,[ \t]{0,3}|[ \t]{1,2})["']?([^\s"',\]]{3,256})/gi,
    accept: isArgument,
  },
  { kind: 'secret', pattern: /\b(?:requirepass|masterauth)[ \t]{1,4}["']?([^\s"']{3,256})/g, accept: isArgument },
  { kind: 'secret', pattern: /\bmysql(?:dump|admin|check|slap)?[ \t][^\n|;]{0,120}?\s-p([^\s"']{3,128})/g },
  {
    kind: 'secret',
    pattern:
      /\b(?:sshpass[ \t]{1,2}-p|redis-cli[ \t][^\n|;]{0,80}?-a|(?:docker|podman|nerdctl|helm registry)[ \t]{1,2}login[ \t][^\n|;]{0,80}?-p|openssl[ \t][^\n|;]{0,80}?-k|mongo(?:sh|dump|restore|export|import)?[ \t][^\n|;]{0,80}?-p|sqlcmd[ \t][^\n|;]{0,80}?-P)[ \t]{0,2}["']?([^\s"']{3,128})/g,
    accept: isArgument,
  },
  {
    kind: 'secret',
    pattern: /\s(?:-u|--user)[= ]{1,2}["']?[\w.@-]{1,64}:([^\s"'@]{3,128})/g,
    accept: (value) => !/^\d{1,6}$/.test(value),
  },
  { kind: 'secret', pattern: /\becho[ \t]{1,3}["']?([^\s"'|]{3,128})(?=["']?[ \t]{0,3}\|[ \t]{0,3}sudo\s)/g },
  // What mail and Redis servers are told.
  { kind: 'secret', pattern: /\bAUTH[ \t]{1,3}(?:PLAIN|LOGIN)[ \t]{1,3}([A-Za-z0-9+/]{6,512}={0,2})/g },
  { kind: 'secret', pattern: /\bAUTH[ \t]{1,3}["']?([^\s"']{8,256})/g, accept: looksRandom },
  { kind: 'secret', pattern: /\bsnmp[^\n]{0,40}?community[ =:]{1,3}["']?([^\s"']{3,64})/gi, accept: isArgument },
  // IDENTIFIED BY 'x', PASSWORD 'x', SET PASSWORD FOR y = 'x'
  {
    kind: 'secret',
    pattern: /\b(?:identified\s{1,3}by|pass(?:word|phrase))\s{1,3}\\{0,3}(?:'([^'\n]{1,128})|"([^"\n]{1,128}))/gi,
    accept: isArgument,
  },
  { kind: 'secret', pattern: /\bset\s{1,3}password\s[^\n=]{0,80}=\s{0,3}(?:password\()?["']([^"'\n]{1,128})/gi },
];
