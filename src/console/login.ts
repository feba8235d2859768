import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import type { Locale } from '../types.ts';
import type { Assets } from './assets.ts';
import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import { sendPage } from './layout.ts';
import type { Sessions } from './session.ts';
import { type Visitor, strangerOf } from './visitor.ts';

export interface LoginDeps {
  readonly sessions: Sessions;
  readonly assets: Assets;
  /** Whether the one who sent this may be told that the token was right or wrong, or has to wait. */
  readonly judge: (
    request: IncomingMessage,
    credential: string | undefined,
  ) => 'right' | 'wrong' | { readonly afterMs: number };
  readonly locale: Locale;
}

const Body = z.object({ token: z.string().max(1000) });

/** Signing in and out, each to be mounted at its own address. The one to go to next is fixed, so nobody can be sent elsewhere. */
export function createLogin({ sessions, assets, judge, locale }: LoginDeps): { login: Router; logout: RequestHandler } {
  const login = Router();
  login.get('/', (request, response) => {
    const visitor = strangerOf(request, locale);
    sendPage(response, 200, page(visitor, assets, undefined));
  });
  login.post('/', express.urlencoded({ extended: false, limit: '4kb' }), (request, response) => {
    const visitor = strangerOf(request, locale);
    const body = Body.safeParse(request.body);
    const cookie = body.success ? sessions.open(body.data.token.trim()) : undefined;
    const judgement = judge(request, cookie && 'ADMIN_TOKEN');
    if (cookie !== undefined && judgement === 'right')
      return response.setHeader('Set-Cookie', cookie).redirect(303, '/');
    const texts = TEXTS[visitor.locale];
    if (typeof judgement === 'string') return sendPage(response, 401, page(visitor, assets, texts.wrong));
    response.setHeader('Retry-After', Math.ceil(judgement.afterMs / 1000));
    return sendPage(response, 429, page(visitor, assets, texts.wait));
  });
  const logout: RequestHandler = (_request, response) =>
    response.setHeader('Set-Cookie', sessions.close()).redirect(303, '/login');
  return { login, logout };
}

const TEXTS: Readonly<
  Record<Locale, Readonly<Record<'title' | 'hint' | 'label' | 'submit' | 'wrong' | 'wait', string>>>
> = {
  'zh-CN': {
    title: '登录控制台',
    hint: '请输入启动时配置的 ADMIN_TOKEN。',
    label: '管理令牌',
    submit: '登录',
    wrong: '令牌不对，请再试一次。',
    wait: '错误次数太多，请一分钟后再试。',
  },
  'en-US': {
    title: 'Sign in to the console',
    hint: 'Enter the ADMIN_TOKEN that the server was started with.',
    label: 'Admin token',
    submit: 'Sign in',
    wrong: 'That is not the token. Please try again.',
    wait: 'Too many wrong tokens. Please wait a minute.',
  },
};

function page(visitor: Visitor, assets: Assets, fault: string | undefined) {
  const texts = TEXTS[visitor.locale];
  const body: Html = html`<main class="login">
    <form method="post" action="/login">
      <span class="avatar bot" aria-hidden="true">${ICONS.bell}</span>
      <h1>${texts.title}</h1>
      <p>${texts.hint}</p>
      ${fault !== undefined && html`<p class="fault" role="alert">${fault}</p>`}
      <label for="token">${texts.label}</label>
      <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
      <button type="submit" class="btn btn-primary">${texts.submit}</button>
    </form>
  </main>`;
  return { visitor, title: texts.title, kind: 'console', scripts: [], body, assets };
}
