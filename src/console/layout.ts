import type { Response } from 'express';
import type { Assets } from './assets.ts';
import { type Html, html, markup } from './html.ts';
import type { Visitor } from './visitor.ts';

export interface Shell {
  readonly visitor: Visitor;
  readonly title: string;
  /** Name of the page, for its styles: `chat`, `console`. */
  readonly kind: string;
  readonly scripts: readonly string[];
  readonly body: Html;
  readonly assets: Assets;
}

/** Everything comes from our own address and nothing is inline, so no alert can bring a script or a picture along. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Sends a page with the headers that every page of ours has. */
export function sendPage(response: Response, status: number, shell: Shell): void {
  secure(response)
    .status(status)
    .type('html')
    .send(`<!doctype html>\n${markup(document(shell))}`);
}

/** Sends a part of a page that the script puts in. */
export function sendFragment(response: Response, fragment: Html): void {
  secure(response).type('html').send(markup(fragment));
}

export const secure = (response: Response): Response =>
  response.set({
    'Content-Security-Policy': POLICY,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });

function document({ visitor, title, kind, scripts, body, assets }: Shell): Html {
  const { locale, theme, texts } = visitor;
  return html`<html lang="${locale}" ${theme && html` data-theme="${theme}"`}>
    <head>
      <meta charset="utf-8" />
      <meta
        name="viewport"
        content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
      />
      <meta name="color-scheme" content="light dark" />
      <title>${title} · ${texts.brand}</title>
      <link rel="icon" href="${assets.address('icon.svg')}" type="image/svg+xml" />
      ${['base', 'card', kind].map((name) => html`<link rel="stylesheet" href="${assets.address(`${name}.css`)}" />`)}
      ${scripts.map((name) => html`<script type="module" src="${assets.address(name)}"></script>`)}
    </head>
    <body class="${kind}">
      ${body}
    </body>
  </html>`;
}
