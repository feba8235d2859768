import { ModelFailed } from './model.ts';

/**
 * The address under which a provider's paths lie, without its last slash: `https://api.example.com/v1`. Nothing is
 * guessed: an empty address is a fault, since a default would send our evidence to a stranger.
 * Throws `ModelFailed` `misconfigured`.
 */
export function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw misconfigured(text.trim() === '' ? 'is empty' : 'is no URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw misconfigured('is neither http nor https');
  if (url.username !== '' || url.password !== '') throw misconfigured('holds a user or a password');
  if (url.search !== '' || url.hash !== '') throw misconfigured('has a query or a fragment');
  return `${url.origin}${url.pathname.replace(/\/{1,8}$/, '')}`;
}

/** Whether an address lies below a base URL that `parseBaseUrl` returned. */
export function isBelow(address: string, baseUrl: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && `${url.origin}${url.pathname}`.startsWith(`${baseUrl}/`);
}

const misconfigured = (what: string): ModelFailed =>
  new ModelFailed(`the base URL ${what}: give the whole address, such as https://host.example/v1`, 'misconfigured');
