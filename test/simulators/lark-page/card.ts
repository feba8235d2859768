import { isJson, type Json } from '../lark/answer.ts';
import { tagOf } from '../lark/card/check.ts';
import { chart } from './chart.ts';
import { html, type Markup, NOTHING } from './html.ts';
import { INTERACTIVE } from './interactive.ts';
import { inline, markdown } from './markdown.ts';
import { contentOf, listIn, textIn, type View } from './view.ts';

/** A card as it reached the platform; one in the old form is shown as its JSON. */
export function card(view: View, content: Json): Markup {
  if (content['schema'] !== '2.0') return html`<pre class="old">${JSON.stringify(content, undefined, 1)}</pre>`;
  return html`<section class="card">
    ${isJson(content['header']) && header(view, content['header'])}
    <div class="card-body">${elements(view, content['body'])}</div>
  </section>`;
}

function header(view: View, { title, subtitle, template = 'default', text_tag_list: tags }: Json): Markup {
  const second = contentOf(view, subtitle);
  const shown = listIn({ tags }, 'tags').filter(isJson);
  return html`<header class="card-head ${String(template)}">
    <div class="card-title">
      <h3>${contentOf(view, title)}</h3>
      ${shown.map(
        (tag) => html`<span class="tag ${textIn(tag, 'color') ?? ''}">${contentOf(view, tag['text'])}</span>`,
      )}
    </div>
    ${second !== '' && html`<p>${second}</p>`}
  </header>`;
}

export const elements = (view: View, container: unknown): readonly Markup[] =>
  listIn(container, 'elements').map((each) => element(view, each));

const DRAWN: Readonly<Record<string, (view: View, component: Json) => Markup>> = {
  ...INTERACTIVE,
  markdown: (view, component) =>
    html`<div class="md ${textIn(component, 'text_size')}">${markdown(view, contentOf(view, component))}</div>`,
  hr: () => html`<hr />`,
  column_set: columns,
  collapsible_panel: panel,
  form: (view, component) => html`<form data-form="${textIn(component, 'name')}">${elements(view, component)}</form>`,
  chart: (_, component) => chart(component),
};

/** What this page does not know is shown as a box with its tag, never left out. */
function element(view: View, component: unknown): Markup {
  const tag = tagOf(component) ?? '';
  if (!isJson(component)) return NOTHING;
  const draw = Object.hasOwn(DRAWN, tag) ? DRAWN[tag] : undefined;
  return draw ? draw(view, component) : html`<div class="unknown">${tag}</div>`;
}

function columns(view: View, component: Json): Markup {
  const all = listIn(component, 'columns').filter(isJson);
  return html`<div class="columns ${textIn(component, 'flex_mode')}">
    ${all.map((column) => html`<div class="column ${textIn(column, 'width')}">${elements(view, column)}</div>`)}
  </div>`;
}

function panel(view: View, component: Json): Markup {
  const head = isJson(component['header']) ? component['header'] : {};
  const { title } = head;
  const said = contentOf(view, title);
  const bordered = isJson(component['border']) && 'bordered';
  const look = [bordered, textIn(component, 'background_color'), textIn(head, 'background_color')];
  return html`<details
    class="panel ${look.map((each) => html`${each} `)}"
    data-keep="${said}"
    ${component['expanded'] === true && html`open`}
  >
    <summary>
      <span>${tagOf(title) === 'markdown' ? inline(view, said) : said}</span>
    </summary>
    <div class="panel-body">${elements(view, component)}</div>
  </details>`;
}
