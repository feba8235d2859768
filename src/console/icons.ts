import type { Tone } from '../cards/card.ts';
import { type Html, html } from './html.ts';

/** 20 × 20 line icons drawn with the colour of the text around them. */
const icon = (body: Html): Html =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">${body}</svg>`;

export const TONE_ICONS: Readonly<Record<Tone, Html>> = {
  critical: icon(html`<path d="M10 5.5v5.2M10 14.2v.1" /><path d="M10 1.8 18.4 16.6H1.6Z" />`),
  warning: icon(html`<circle cx="10" cy="10" r="8" /><path d="M10 5.8v5M10 14v.1" />`),
  info: icon(html`<circle cx="10" cy="10" r="8" /><path d="M10 9.2v5M10 6v.1" />`),
  resolved: icon(html`<circle cx="10" cy="10" r="8" /><path d="m6.3 10.3 2.6 2.6 4.9-5.3" />`),
  stale: icon(html`<circle cx="10" cy="10" r="8" /><path d="M10 5.4v4.8l3 1.8" />`),
  neutral: icon(html`<path d="M3 4.5h14M3 10h14M3 15.5h9" />`),
};

export const ICONS = {
  bell: icon(
    html`<path
      d="M5 8.2a5 5 0 0 1 10 0c0 4.2 1.6 5.4 1.6 5.4H3.4S5 12.400 5 8.200ZM8.300 16.600a1.900 1.900 0 0 0 3.400 0"
    />`,
  ),
  hash: icon(html`<path d="M7.600 3 6 17M14 3l-1.600 14M3.500 7.300h13.500M3 12.700h13.500" />`),
  menu: icon(html`<path d="M3 5h14M3 10h14M3 15h14" />`),
  close: icon(html`<path d="m5 5 10 10M15 5 5 15" />`),
  send: icon(html`<path d="M3 10 17 3.500l-4.500 13.300-3-5.600L3 10Zm6.500 1.200L17 3.500" />`),
  theme: icon(
    html`<circle cx="10" cy="10" r="7.500" /><path d="M10 2.500v15a7.500 7.500 0 0 0 0-15Z" fill="currentColor" />`,
  ),
  globe: icon(
    html`<circle cx="10" cy="10" r="7.800" /><path
        d="M2.500 10h15M10 2.200c4.300 4.800 4.300 10.800 0 15.600-4.300-4.800-4.300-10.800 0-15.600Z"
      />`,
  ),
  reply: icon(html`<path d="M8 4.500 3 9l5 4.500M3.300 9H11a6 6 0 0 1 6 6v.500" />`),
  out: icon(html`<path d="M8 4H4v12h12v-4M11.500 3.500h5v5M16.300 3.700 9.500 10.500" />`),
  chevron: icon(html`<path d="m7 4.500 5.500 5.500L7 15.500" />`),
  down: icon(html`<path d="M10 4v12M5 11l5 5 5-5" />`),
  pulse: icon(html`<path d="M1.500 10.500h4l2.500-6.500 4 12 2.500-5.500h4" />`),
  chat: icon(html`<path d="M3 4h14v10H9l-4 3.200V14H3Z" />`),
  home: icon(html`<path d="M3 9.500 10 3.500l7 6V17h-5v-4.500H8V17H3Z" />`),
} as const satisfies Readonly<Record<string, Html>>;
