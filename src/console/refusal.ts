import { hash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Locale } from '../types.ts';
import { html, inlineStyle, markup } from './html.ts';
import { secure } from './layout.ts';
import { strangerOf } from './visitor.ts';

/** With its looks in it, since nothing else of ours answers a stranger. */
const STYLE = `
:root { color-scheme: light dark }
body { margin: 0; min-height: 100dvh; display: grid; place-content: center; font: 16px/1.6 system-ui, sans-serif;
  color: light-dark(#1f2329, #e6e8eb); background: light-dark(#f5f6f7, #17191c) }
main { max-width: 26rem; margin: 1rem; padding: 1.5rem; border-radius: 12px; background: light-dark(#fff, #212429) }
h1 { margin: 0 0 .5rem; font-size: 1.25rem }
code { padding: .15rem .4rem; border-radius: 4px; background: light-dark(#eef0f3, #2e3238) }
`;
const POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** What a browser elsewhere is shown while no ADMIN_TOKEN is set: nothing of ours but what to set. */
export const createRefusal =
  (locale: Locale): RequestHandler =>
  (request, response) => {
    const visitor = strangerOf(request, locale);
    const texts = TEXTS[visitor.locale];
    const page = html`<!doctype html>
      <html lang="${visitor.locale}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${texts.title}</title>
          ${inlineStyle(STYLE)}
        </head>
        <body>
          <main>
            <h1>${texts.title}</h1>
            <p>${texts.why}</p>
            <p><code>ADMIN_TOKEN=…</code></p>
            <p>${texts.how}</p>
          </main>
        </body>
      </html>`;
    secure(response).status(401).set('Content-Security-Policy', POLICY).type('html').send(markup(page));
  };

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
