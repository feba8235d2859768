import type { Locale } from '../../../types.ts';
import { failureText, faultOf } from '../failure.ts';
import type { Reader } from '../http.ts';
import type { Shortcoming } from '../source.ts';

const NAMESPACED: Readonly<Record<Locale, string>> = {
  'zh-CN': '如果只绑定到部分命名空间，这是正常的',
  'en-US': 'with a role for some namespaces only, that is as it should be',
};

/** Whether the token is taken, and may read pods everywhere. Rejects with `SourceFailed`. */
export async function checkRights(
  reader: Reader,
  signal: AbortSignal,
  locale: Locale,
): Promise<readonly Shortcoming[]> {
  try {
    await reader.get(['api', 'v1', 'pods'], { limit: 1 }, signal);
    return [];
  } catch (error) {
    const fault = faultOf(error);
    if (fault.kind !== 'refused' || fault.status !== 403) throw error;
    const text = `${failureText('kubernetes', error, locale)}${locale === 'zh-CN' ? '；' : '; '}${NAMESPACED[locale]}`;
    return [{ text, minor: true }];
  }
}
