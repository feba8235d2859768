import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import type { Visitor } from './visitor.ts';

/** What every page lets a visitor switch: the language and the theme. */
export const switchesHtml = ({ texts, locale }: Pick<Visitor, 'texts' | 'locale'>): Html =>
  html`<button
      type="button"
      class="icon-btn text"
      id="lang"
      data-to="${locale === 'zh-CN' ? 'en' : 'zh'}"
      lang="${locale === 'zh-CN' ? 'en' : 'zh'}"
    >
      ${texts.otherLanguage}
    </button>
    <button type="button" class="icon-btn" id="theme" aria-label="${texts.theme}" title="${texts.theme}">
      ${ICONS.theme}
    </button>`;
