import { isJson, type Json } from '../lark/answer.ts';
import { tagOf } from '../lark/card/check.ts';
import { chart } from './chart.ts';
import { html, type Markup, NOTHING } from './html.ts';
import { INTERACTIVE } from './interactive.ts';
import { inline, markdown, mention } from './markdown.ts';
import { contentOf, listIn, numberOf, textIn, wordIn, type View } from './view.ts';

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
    html`<div class="md ${textIn(component, 'text_size')} ${textIn(component, 'text_align')}">
      ${markdown(view, contentOf(view, component))}
    </div>`,
  div: (view, component) =>
    html`<div class="md">
      ${words(view, component['text'])}${listIn(component, 'fields').map((field) => html`<div>${isJson(field) && words(view, field['text'])}</div>`)}
    </div>`,
  hr: () => html`<hr />`,
  column_set: columns,
  collapsible_panel: panel,
  form: (view, component) => html`<form data-form="${textIn(component, 'name')}">${elements(view, component)}</form>`,
  chart: (_, component) => chart(component),
  img: (view, component) => html`<div class="image">${contentOf(view, component['alt']) || 'img'}</div>`,
  person: (view, component) => mention(view, textIn(component, 'user_id') ?? ''),
  person_list: (view, component) =>
    html`<div class="md">
      ${listIn(component, 'persons').map((each) => html`${mention(view, textIn(each, 'id') ?? '')} `)}
    </div>`,
  interactive_container: (view, component) =>
    html`<div class="container" data-use="${numberOf(view, component)}">${elements(view, component)}</div>`,
  table,
};

/** What this page does not know is shown as a box with its tag, never left out. */
function element(view: View, component: unknown): Markup {
  const tag = tagOf(component) ?? '';
  if (!isJson(component)) return NOTHING;
  const draw = Object.hasOwn(DRAWN, tag) ? DRAWN[tag] : undefined;
  return draw ? draw(view, component) : html`<div class="image">${tag}</div>`;
}

const words = (view: View, text: unknown): Markup =>
  tagOf(text) === 'plain_text'
    ? html`<p>${contentOf(view, text)}</p>`
    : html`<p>${inline(view, contentOf(view, text))}</p>`;

function columns(view: View, component: Json): Markup {
  const all = listIn(component, 'columns').filter(isJson);
  return html`<div class="columns ${textIn(component, 'flex_mode') ?? 'none'} ${textIn(component, 'background_style')}">
    ${all.map(
      (column) =>
        html`<div class="column ${textIn(column, 'width') ?? 'auto'} w${Number(column['weight'] ?? 1)}">
          ${elements(view, column)}
        </div>`,
    )}
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

function table(view: View, component: Json): Markup {
  const all = listIn(component, 'columns').filter(isJson);
  const rows = listIn(component, 'rows').filter(isJson);
  const names = all.map((column) => textIn(column, 'name') ?? '');
  return html`<table>
    <tr>
      ${all.map((column, index) => html`<th>${textIn(column, 'display_name') ?? names[index]}</th>`)}
    </tr>
    ${rows.map(
      (row) =>
        html`<tr>
          ${names.map((name) => html`<td>${inline(view, wordIn(row, name))}</td>`)}
        </tr>`,
    )}
  </table>`;
}
