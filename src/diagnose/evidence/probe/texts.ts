import type { Locale } from '../../../types.ts';
import type { About } from '../source.ts';
import { readableLine, span, utc } from '../words.ts';
import type { Address } from './address.ts';
import type { Answer, Certificate, NoAnswer } from './ask.ts';

export interface ProbeText {
  readonly title: string;
  readonly text: string;
  readonly relevance: number;
}

const SOON_MS = 14 * 86_400_000;
const SLOW_MS = 2000;

/** What an address answered: status, time, where it redirects to, how long its certificate holds. */
export function answerText({ host, port }: Address, answer: Answer, about: About): ProbeText {
  const words = WORDS[about.locale];
  const { status, tookMs, ip, location, body, certificate } = answer;
  const bad = status >= 400;
  const [said] = bad && !/^\s*</.test(body) ? [readableLine(body, 200)] : [''];
  const lines = [
    words.answered(status, tookMs, ip),
    location === undefined ? '' : words.redirect(readableLine(location, 200)),
    said === '' ? '' : `> ${said}`,
    certificate === undefined ? '' : certificateText(certificate, about),
  ];
  const doubtful =
    certificate !== undefined && (certificate.fault !== undefined || certificate.until - about.now < SOON_MS);
  return {
    title: `${words.probe} ${host}:${port} · ${status} · ${tookMs} ms`,
    text: lines.filter((line) => line !== '').join('\n'),
    relevance: bad || doubtful ? 0.9 : tookMs >= SLOW_MS ? 0.8 : 0.5,
  };
}

function certificateText({ subject, issuer, until, fault }: Certificate, { locale, now }: About): string {
  const words = WORDS[locale];
  const left = until - now;
  const validity =
    left < 0 ? words.expired(span(left, locale), utc(until)) : words.expires(span(left, locale), utc(until));
  const whose = words.whose(readableLine(subject, 100), readableLine(issuer, 100));
  return [validity, whose, fault === undefined ? '' : words.untrusted(fault)]
    .filter((part) => part !== '')
    .join(words.joint);
}

/** Why nothing was answered. */
export function noAnswerText(
  { host, port }: Address,
  { code, stage, tookMs, ip }: NoAnswer,
  { locale }: About,
): ProbeText {
  const words = WORDS[locale];
  const at = ip === undefined ? '' : ` (${ip})`;
  const why = code in words.codes ? words.codes[code] : undefined;
  const text = stage === 'refused' ? words.refused(code) : `${why ?? words.other}${at}: ${code}, ${tookMs} ms`;
  return { title: `${words.probe} ${host}:${port} · ${code}`, text, relevance: stage === 'refused' ? 0.3 : 0.9 };
}

interface Words {
  readonly probe: string;
  readonly answered: (status: number, ms: number, ip: string) => string;
  readonly redirect: (location: string) => string;
  readonly expired: (ago: string, at: string) => string;
  readonly expires: (left: string, at: string) => string;
  readonly whose: (subject: string, issuer: string) => string;
  readonly untrusted: (code: string) => string;
  readonly joint: string;
  readonly refused: (code: string) => string;
  readonly other: string;
  readonly codes: Readonly<Record<string, string>>;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    probe: '探测',
    answered: (status, ms, ip) => `${ip} 在 ${ms} 毫秒后回答 ${status}`,
    redirect: (location) => `重定向到 ${location}（没有跟随）`,
    expired: (ago, at) => `证书已过期 ${ago}（${at}）`,
    expires: (left, at) => `证书还有 ${left}到期（${at}）`,
    whose: (subject, issuer) => `主体 ${subject || '?'}，签发者 ${issuer || '?'}`,
    untrusted: (code) => `证书不受信任：${code}`,
    joint: '；',
    refused: (code) =>
      code === 'loopback' ? '没有探测：这个名字指向本机' : '没有探测：这个名字指向云元数据或链路本地地址',
    other: '连接失败',
    codes: {
      ENOTFOUND: '域名解析不到地址',
      EAI_AGAIN: '域名解析暂时失败',
      ECONNREFUSED: '连接被拒绝，端口上没有服务',
      ECONNRESET: '连接被对方重置',
      EHOSTUNREACH: '主机不可达',
      ENETUNREACH: '网络不可达',
      TIMEOUT: '超时没有回答',
    },
  },
  'en-US': {
    probe: 'Probe',
    answered: (status, ms, ip) => `${ip} answered ${status} after ${ms} ms`,
    redirect: (location) => `redirects to ${location} (not followed)`,
    expired: (ago, at) => `the certificate expired ${ago} ago (${at})`,
    expires: (left, at) => `the certificate expires in ${left} (${at})`,
    whose: (subject, issuer) => `subject ${subject || '?'}, issuer ${issuer || '?'}`,
    untrusted: (code) => `the certificate is not trusted: ${code}`,
    joint: '; ',
    refused: (code) =>
      code === 'loopback'
        ? 'Not probed: the name leads to this machine itself'
        : 'Not probed: the name leads to a metadata service or a link-local address',
    other: 'The connection failed',
    codes: {
      ENOTFOUND: 'The name has no address',
      EAI_AGAIN: 'The name cannot be resolved for now',
      ECONNREFUSED: 'The connection was refused: nothing listens there',
      ECONNRESET: 'The connection was reset by the other side',
      EHOSTUNREACH: 'The host is unreachable',
      ENETUNREACH: 'The network is unreachable',
      TIMEOUT: 'No answer in time',
    },
  },
};
