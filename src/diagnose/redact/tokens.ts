import type { Rule } from './rule.ts';

const hasDigit = (value: string): boolean => /\d/.test(value);

/** Makers' own forms of keys and tokens, by their first letters; each is told by its maker's documentation. */
const FORMS = [
  // Amazon, Alibaba, Tencent, Volcano Engine, Baidu
  '(?:AKIA|ASIA)[A-Z0-9]{16}',
  'LTAI[A-Za-z0-9]{12,30}',
  String.raw`STS\.[A-Za-z0-9]{16,64}`,
  'AKID[A-Za-z0-9]{13,64}',
  'AKLT[A-Za-z0-9]{20,80}={0,2}',
  'ALTAK-?[A-Za-z0-9]{16,64}',
  // GitHub, GitLab, npm, PyPI, Docker
  'gh[opusr]_[A-Za-z0-9]{20,255}',
  String.raw`github_pat_\w{20,255}`,
  String.raw`gl(?:pat|dt|rt|ptt|cbt|soat)-[\w-]{16,64}`,
  'npm_[A-Za-z0-9]{30,64}',
  String.raw`pypi-[\w-]{16,255}`,
  String.raw`dckr_(?:pat|oat)_[\w-]{16,64}`,
  // Slack, Lark, Stripe, SendGrid, Atlassian, Shopify
  String.raw`xox[abeoprs]-[\w-]{10,255}`,
  String.raw`xapp-\d-[\w-]{10,255}`,
  '[tu]-[A-Za-z0-9]{32,64}',
  '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,128}',
  String.raw`SG\.[\w-]{16,64}\.[\w-]{16,64}`,
  String.raw`ATATT3[\w=-]{16,255}`,
  'shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}',
  // Models and their relays
  String.raw`sk-[\w-]{16,255}`,
  '(?:app|dataset)-[A-Za-z0-9]{20,64}',
  'hf_[A-Za-z0-9]{20,64}',
  'gsk_[A-Za-z0-9]{20,64}',
  // Google, Grafana, Vault, DigitalOcean, age
  String.raw`AIza[\w-]{30,64}`,
  String.raw`ya29\.[\w-]{20,512}`,
  String.raw`GOCSPX-[\w-]{20,40}`,
  String.raw`gl(?:sa|c)_[A-Za-z0-9+/=]{20,128}(?:_[0-9a-f]{8})?`,
  String.raw`hv[sb]\.[\w-]{20,255}`,
  'do[opr]_v1_[a-f0-9]{64}',
  'AGE-SECRET-KEY-1[0-9A-Z]{58}',
  // JSON Web Tokens, Telegram bots
  String.raw`eyJ[\w-]{5,2048}\.[\w-]{5,4096}(?:\.[\w-]{5,1024})?`,
  String.raw`\d{8,12}:AA[\w-]{30,40}`,
].join('|');

/** Found wherever they stand. */
export const TOKEN_RULES: readonly Rule[] = [
  { kind: 'secret', pattern: new RegExp(String.raw`(?<![\w-])(?:bot)?(${FORMS})`, 'g'), accept: hasDigit },
];

/** Tried on the two halves of a wrapped line put together. */
export const WHOLE_TOKEN = new RegExp(String.raw`(?<![\w-])(?:${FORMS})`, 'g');

const S = String.raw`\\{0,3}\/`;
/** Addresses that are themselves the right to post. */
const HOOKS = [
  String.raw`open\.(?:feishu\.cn|larksuite\.com)${S}open-apis${S}bot${S}(?:v2${S})?hook${S}([\w-]{8,128})`,
  String.raw`qyapi\.weixin\.qq\.com${S}cgi-bin${S}webhook${S}[a-z_]{1,20}\?[\w=&%-]{0,80}?key=([\w-]{8,128})`,
  String.raw`dingtalk\.com${S}robot${S}send\?[\w=&%-]{0,80}?access_token=(\w{8,128})`,
  String.raw`api\.telegram\.org${S}(?:file${S})?bot(\d{6,12}(?::|%3A)[\w-]{20,64})`,
  String.raw`hooks\.slack(?:-gov)?\.com${S}(?:services|workflows|triggers)${S}([\w/\\]{16,160})`,
  String.raw`discord(?:app)?\.com${S}api${S}webhooks${S}(\d{5,25}${S}[\w-]{16,128})`,
  String.raw`webhook\.office\.com${S}webhookb2${S}([\w@./\\-]{16,400})`,
  String.raw`sctapi\.ftqq\.com${S}(SCT\w{8,80})`,
  String.raw`api\.day\.app${S}([A-Za-z0-9]{16,40})`,
].join('|');

export const HOOK_RULES: readonly Rule[] = [{ kind: 'secret', pattern: new RegExp(HOOKS, 'gi') }];
