import type { Config } from '../config.ts';
import type { Part } from '../http/ports.ts';

/** The address, who may come in, and what is not as it should be. */
export function greetingOf(
  { LOCALE, HOST, ADMIN_TOKEN }: Config,
  port: number,
  parts: readonly Part[],
): readonly string[] {
  const url = `http://${HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST}:${port}`;
  const zh = LOCALE === 'zh-CN';
  const loopback = zh
    ? '未设置 ADMIN_TOKEN：控制台只对本机开放'
    : 'ADMIN_TOKEN is not set: the console is open to this machine only';
  return [
    zh ? `值班已就绪：${url}/playground` : `Zhiban is ready: ${url}/playground`,
    ...(ADMIN_TOKEN === undefined ? [loopback] : []),
    ...parts.filter(({ ok }) => !ok).map(({ name, reason }) => `! ${name}: ${reason}`),
  ];
}
