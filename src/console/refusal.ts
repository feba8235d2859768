import type { RequestHandler } from 'express';
import type { Locale } from '../types.ts';
import type { Assets } from './assets.ts';
import { html } from './html.ts';
import { ICONS } from './icons.ts';
import { sendPage } from './layout.ts';
import { visitorOf } from './visitor.ts';

/** What a browser elsewhere is shown while no ADMIN_TOKEN is set: nothing of ours but what to set. */
export function createRefusal({
  assets,
  locale,
}: {
  readonly assets: Assets;
  readonly locale: Locale;
}): RequestHandler {
  return (request, response) => {
    const visitor = visitorOf(request, locale);
    const texts = TEXTS[visitor.locale];
    const body = html`<main class="login">
      <section>
        <span class="avatar bot" aria-hidden="true">${ICONS.bell}</span>
        <h1>${texts.title}</h1>
        <p>${texts.why}</p>
        <p><code>ADMIN_TOKEN=…</code></p>
        <p>${texts.how}</p>
      </section>
    </main>`;
    sendPage(response, 401, { visitor, title: texts.title, kind: 'console', scripts: [], body, assets });
  };
}

const TEXTS: Readonly<Record<Locale, Readonly<Record<'title' | 'why' | 'how', string>>>> = {
  'zh-CN': {
    title: '控制台只对本机开放',
    why: '还没有设置管理令牌，所以只有运行值班的那台机器打得开这里；经由代理也一样。请在那台机器的 .env 里设置：',
    how: '至少 8 个字符。重新启动后刷新本页，用它登录。',
  },
  'en-US': {
    title: 'The console is open to its own machine only',
    why: 'No admin token is set, so only the machine that runs Zhiban may come in here, and no proxy. Set one in the .env there:',
    how: 'At least 8 characters. Start it again, reload this page and sign in with it.',
  },
};
