import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import { switchesHtml } from './switches.ts';
import type { Visitor } from './visitor.ts';

/** The console's frame: brand, places to go, and the page between. */
export function consoleBody({ texts, locale }: Visitor, here: string, main: Html): Html {
  const places = [
    { href: '/', text: texts.home, icon: ICONS.home },
    { href: '/incidents', text: texts.incidents, icon: ICONS.pulse },
    { href: '/playground', text: texts.chat, icon: ICONS.chat },
  ];
  return html`<header class="top">
      <a class="brand" href="/"
        ><span class="avatar bot" aria-hidden="true">${ICONS.bell}</span><span>${texts.brand}</span></a
      >
      <nav>
        ${places.map(
          ({ href, text, icon }) =>
            html`<a href="${href}" ${href === here && html` aria-current="page"`}>${icon}<span>${text}</span></a>`,
        )}
      </nav>
      ${switchesHtml({ texts, locale })}
    </header>
    <main class="page" id="page">${main}</main>`;
}
