import { isJson, type Json } from '../lark/answer.ts';
import { html, type Markup } from './html.ts';
import { contentOf, listIn, numberOf, textIn, type View } from './view.ts';

/** Components people press, fill in or choose from. `data-use` is the number the page sends back. */
export const INTERACTIVE: Readonly<Record<string, (view: View, component: Json) => Markup>> = {
  button,
  input,
  select_static: select,
};

function button(view: View, component: Json): Markup {
  const { type = 'default', size = 'medium', behaviors, disabled } = component;
  const look = `button ${String(type)} ${String(size)}`;
  const text = contentOf(view, component['text']);
  const opens = listIn({ behaviors }, 'behaviors').find((each) => isJson(each) && each['type'] === 'open_url');
  const url = textIn(opens, 'default_url') ?? '';
  if (/^https?:\/\//.test(url) && component['form_action_type'] === undefined)
    return html`<a class="${look}" href="${url}" target="_blank" rel="noopener noreferrer">${text}</a>`;
  const { confirm } = component;
  return html`<button
    class="${look}"
    type="${component['form_action_type'] === 'submit' ? 'submit' : 'button'}"
    data-use="${numberOf(view, component)}"
    data-confirm-title="${isJson(confirm) ? contentOf(view, confirm['title']) : ''}"
    data-confirm-text="${isJson(confirm) ? contentOf(view, confirm['text']) : ''}"
    ${flag(disabled === true, 'disabled')}
  >
    ${text}
  </button>`;
}

const flag = (on: boolean, name: 'disabled' | 'required'): Markup =>
  on ? { disabled: html`disabled`, required: html`required` }[name] : html``;

/** `name` belongs to what a form sends; one outside a form is used by itself. */
const naming = (view: View, component: Json): Markup =>
  html`name="${textIn(component, 'name')}"
  data-use="${numberOf(view, component)}"${flag(component['required'] === true, 'required')}`;

function input(view: View, component: Json): Markup {
  const [label, hint] = [contentOf(view, component['label']), contentOf(view, component['placeholder'])];
  const most = Number(component['max_length'] ?? 1000);
  const many = component['input_type'] === 'multiline_text';
  return html`<label class="input"
    >${label !== '' && html`<span>${label}${component['required'] === true && html`<i>*</i>`}</span>`}
    ${
      many
        ? html`<textarea
            ${naming(view, component)}
            rows="${Number(component['rows'] ?? 3)}"
            maxlength="${most}"
            placeholder="${hint}"
          ></textarea>`
        : html`<input
            ${naming(view, component)}
            maxlength="${most}"
            placeholder="${hint}"
            value="${textIn(component, 'default_value')}"
          />`
    }</label
  >`;
}

interface Option {
  readonly value: string;
  readonly text: string;
}

const optionsOf = (view: View, component: Json): readonly Option[] =>
  listIn(component, 'options').map((option) => {
    const value = textIn(option, 'value') ?? '';
    return { value, text: (isJson(option) && contentOf(view, option['text'])) || value };
  });

function select(view: View, component: Json): Markup {
  const hint = contentOf(view, component['placeholder']) || '…';
  return html`<select ${naming(view, component)} aria-label="${hint}">
    <option value="">${hint}</option>
    ${optionsOf(view, component).map(({ value, text }) => html`<option value="${value}">${text}</option>`)}
  </select>`;
}
