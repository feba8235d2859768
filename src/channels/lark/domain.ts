/** Feishu and Lark are separate clouds: an app belongs to one of them, and the other refuses it (1000040351). */
const CLOUDS: Readonly<Record<string, string>> = {
  feishu: 'https://open.feishu.cn',
  lark: 'https://open.larksuite.com',
};

/** The base address behind `LARK_DOMAIN`: `feishu`, `lark` or an address. Without a trailing slash, which would answer 404. */
export const openDomain = (domain: string): string => CLOUDS[domain] ?? domain.replace(/\/+$/u, '');

/** Origins under which a custom bot's address may lie: both clouds, and the configured one. */
export const hookOrigins = (domain: string): readonly string[] => [
  ...new Set([...Object.values(CLOUDS), URL.parse(openDomain(domain))?.origin ?? ''].filter((origin) => origin !== '')),
];

/** Whether an address is on this machine, where no proxy of the environment can reach it. */
export function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? '';
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(host);
}
