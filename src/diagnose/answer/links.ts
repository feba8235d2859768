/**
 * Text in which nothing can be clicked: of an address only its host stays, and a host that a chat would make a link of has
 * its dots in brackets. Linear for text of bounded length.
 */
export const withoutLinks = (text: string): string =>
  text
    .replaceAll(ADDRESS, (_address, host: string) => host.replaceAll(HOST, (name) => inertHost(name, '/')))
    .replaceAll(BARE_SCHEME, '$1 ')
    .replaceAll(HOST, (host: string, at: number, all: string) => inertHost(host, all.slice(at + host.length)));

const ADDRESS =
  /[a-z][a-z0-9+.-]{0,30}:\/{1,10}([^\s/?#"'`<>()[\]{}，。；、（）「」]{0,253})(?:[/?#][^\s"'`<>()[\]{}，。；、（）「」]{0,2048})?/gi;
/** Addresses without `//` that a click would run or call. */
const BARE_SCHEME = /\b(javascript|vbscript|mailto|tel|sms|data(?=:[a-z]{1,20}\/)):(?=\S)/gi;
const HOST =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}_-]{1,63}(?:\.[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}_-]{1,63}){1,12}/gu;

/** Endings that chats know without a scheme; others only when a path follows. */
const ENDINGS = new Set(
  (
    'com net org io cn dev app xyz top ru info biz club site online shop link click live me cc tv co ai us uk de fr jp hk tw ' +
    'in eu sh ly gl gg to page cloud tech work vip ltd icu zip mov pw su'
  ).split(' '),
);

/** Names that lead nowhere outside. */
const OWN = /^(?:svc|local|internal|lan|cluster|localdomain)$/;

function inertHost(host: string, rest: string): string {
  const labels = host.split('.');
  const ending = (labels.at(-1) ?? '').toLowerCase();
  const path = /^(?::\d{1,5})?\//.test(rest) && /^\p{L}{2,63}$/u.test(ending) && !OWN.test(ending);
  const foreign = /[^\0-\x7f]/.test(host) || ending.startsWith('xn--');
  if (!path && !foreign && !ENDINGS.has(ending)) return host;
  return labels.slice(1).reduce((now, label, index) => {
    const dangerous = index === labels.length - 2 || ENDINGS.has(label.toLowerCase());
    return `${now}${dangerous ? '[.]' : '.'}${label}`;
  }, labels[0] ?? '');
}
