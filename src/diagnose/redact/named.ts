import { isHarmless, looksRandom } from './look.ts';
import type { Rule } from './rule.ts';

/** Names whose value is a secret whatever it looks like, and names whose value is one when a machine made it. */
const SURE =
  'pass(?:word|wd|phrase|code)|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|shared[_-]?key|auth[_-]?key|encrypt(?:ion)?[_-]?key|aes[_-]?key|signing[_-]?key|routing[_-]?key|credentials?|(?<![A-Za-z])pass(?![A-Za-z])';
const LIKELY =
  'token|ticket|(?:subscription|licen[cs]e|master|storage|consumer|client|deploy|hmac)[_-]?key|session[_-]?(?:id|key)|jsessionid|phpsessid|signature|csrf|xsrf|jwt|auth[_-]?code|(?<![A-Za-z])(?:sign|sig|sid|session|auth|ak|sk)(?![A-Za-z])';
const CHINESE = '密码|口令|密钥|秘钥|密匙|令牌|凭证|凭据|授权码';

/** The end of the name, an assignment, and the value: quoted, with quotes escaped once or more often, or bare. */
const QUOTE = String.raw`(?:\\{0,3}["'\x60]|\*{1,2}|&(?:#3[49]|#x2[27]|quot|apos);)?`;
const ENDS = String.raw`${QUOTE}[ \t]{0,4}(?:=>|:=|[:=]|是|为|%3[AaDd]|\\u003[AaDd])[ \t]{0,8}(?:(?:[|>][+-]?[ \t]{0,4})?\n[ \t]{1,24})?(?:&(?:#3[49]|#x2[27]|quot|apos);)?`;
const VALUE = String.raw`(?:\\{1,3}"([^"\n]{1,512})|\\{1,3}'([^'\n]{1,512})|"((?:[^"\\\n]|\\[^\n]){1,512})|'((?:[^'\\\n]|\\[^\n]){1,512})|\x60([^\x60\n]{1,512})|([^\s"'\x60,;&}<>\\。、】」》]{1,512}))`;

/** What follows the name's word and makes it the name of something else: `token_count`, `passwordFile`, `secretName`. */
const ABOUT =
  /^[_-]?(?:s$|count|limit|length|len|size|type|ized|izer|usage|budget|expir|ttl|age|url|uri|endpoint|path|file|dir|name|ref|key_?ref|version|policy|rotation|attempt|error|fail|min|max|per|rate|algo|manager|store|provider|mount|volume)/i;

function isSure(value: string, [, name = '', rest = '']: RegExpExecArray): boolean {
  if (ABOUT.test(rest) || bare(value).length < 3 || isHarmless(value)) return false;
  // Tests that pass are counted; a Secret of Kubernetes has a name.
  if (/^pass$/i.test(name)) return !/^\d{1,9}%?$/.test(bare(value));
  return !(/^secret$/i.test(name) && rest === '' && OBJECT.test(value));
}
const OBJECT = /^[a-z]{2,20}(?:[-/][a-z]{2,20}){1,6}$/;

const isLikely = (value: string, found: RegExpExecArray): boolean =>
  !ABOUT.test(found[2] ?? '') && !isHarmless(value) && looksRandom(value);

/** Sentences put their own marks after a value. */
const bare = (value: string): string => value.replace(/[).,:;!?\]\\]{1,4}$/, '');

const isSaid = (value: string): boolean => bare(value).length >= 3 && !isHarmless(value);

/** `name: DB_PASSWORD`, `"key": "app.secret"` */
const CALLED = String.raw`\b(?:name|key)${QUOTE}\s{0,3}[:=]\s{0,3}${QUOTE}[\w.-]{0,48}?(?:PASS(?:WORD|WD|PHRASE)|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)[\w.-]{0,24}${QUOTE}`;

/** `password=…`, `"api_key": "…"`, `密码：…`, and their relatives in other notations. */
export const NAMED_RULES: readonly Rule[] = [
  { kind: 'secret', pattern: new RegExp(String.raw`(${SURE})([\w-]{0,24})${ENDS}${VALUE}`, 'gi'), accept: isSure },
  { kind: 'secret', pattern: new RegExp(String.raw`(${LIKELY})([\w-]{0,24})${ENDS}${VALUE}`, 'gi'), accept: isLikely },
  {
    kind: 'secret',
    pattern: new RegExp(
      String.raw`(?:${CHINESE})["'”’]?\s{0,3}(?:[:=(]|是|为|改为|改成)\s{0,3}["'“‘「『\x60]?([!-~]{3,128})`,
      'g',
    ),
    accept: isSaid,
  },
  {
    kind: 'secret',
    pattern: new RegExp(String.raw`(?:${CHINESE})[ \t]{1,3}([!-~]{6,128})`, 'g'),
    accept: (value) => looksRandom(value) && !isHarmless(value),
  },
  // Keys of any maker, when they look like nothing else.
  {
    kind: 'secret',
    pattern: new RegExp(String.raw`(?<![A-Za-z])([A-Za-z]{2,20})[_-]key${ENDS}${VALUE}`, 'gi'),
    accept: (value, [, name = '']) => !OF_DATA.test(name) && isLongKey(value),
  },
  {
    kind: 'secret',
    pattern:
      /\b(?:api|access|secret|routing|integration|licen[cs]e|app|account)[ \t]key(?:[ \t]is)?[ \t]{1,3}["']?([^\s"']{20,256})/gi,
    accept: isLongKey,
  },
  // Sentences: the password is …, password for ann is '…', passwd …
  {
    kind: 'secret',
    pattern:
      /\bpass(?:word|wd|phrase|code)(?:[ \t]{1,3}for[ \t]{1,3}[^\n]{1,40}?)?(?:[ \t]{1,3}(?:is|was|to|(?:set|changed|reset) to))?[ \t]{1,3}["'\x60]?([^\s"'\x60]{6,128})/gi,
    accept: (value) => looksRandom(value) && !isHarmless(value),
  },
  // Codes that are sent to phones.
  {
    kind: 'secret',
    pattern:
      /(?:验证码|动态码|校验码|(?<![A-Za-z])otp|one-time (?:code|password))[^\w\n]{0,4}(?:为|是|is)?[^\w\n]{0,4}(\d{4,8})(?!\w)/gi,
  },
  // A name and a value that stand apart, as in the environment of a container or in XML.
  { kind: 'secret', pattern: new RegExp(`${CALLED},?\\s{0,24}${QUOTE}value${ENDS}${VALUE}`, 'gi'), accept: isSaid },
  { kind: 'secret', pattern: new RegExp(`${CALLED}\\s{0,4}>([^<\\n]{1,512})(?=<)`, 'gi'), accept: isSaid },
  {
    kind: 'secret',
    pattern: /<(?:[\w-]{1,16}:)?(?:password|passwd|pwd|secret|token|api-?key|credential)s?>([^<\n]{1,512})(?=<)/gi,
  },
];

const OF_DATA =
  /^(?:cache|partition|primary|foreign|sort|group|idempotency|dedup|dedupe|message|row|hash|lookup|object|redis|shard|public|map|topic|trace|index|unique|range|composite)$/i;

function isLongKey(value: string): boolean {
  return /^[\w+/=]{20,512}$/.test(value) && looksRandom(value);
}
