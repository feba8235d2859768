import type { Button, Form, Input } from '../cards/card.ts';
import { type Html, html } from './html.ts';
import { ICONS } from './icons.ts';
import type { Texts } from './texts.ts';

/** A button that the page's script turns into a press; `type` is submit inside a form. */
export function buttonHtml(button: Button, type: 'button' | 'submit' = 'button'): Html {
  const { text, style, value, confirm } = button;
  const asked = confirm && html` data-confirm-title="${confirm.title}" data-confirm-text="${confirm.text}"`;
  return html`<button type="${type}" class="btn btn-${style}" data-press="${JSON.stringify(value)}" ${asked}>
    ${text}
  </button>`;
}

/** Folded until wanted; works without a script up to the press itself. `key` keeps it unfolded while the card changes. */
export const formHtml = (form: Form, key: string, texts: Texts): Html =>
  html`<details class="form" data-keep="${key}">
    <summary class="btn btn-default">${form.title}${ICONS.chevron}</summary>
    <form class="form-body" data-form="${form.name}">
      ${form.inputs.map((input) => inputHtml(input, texts))}
      <div class="actions">${buttonHtml(form.submit, 'submit')}</div>
    </form>
  </details>`;

function inputHtml(input: Input, texts: Texts): Html {
  const required = input.required && html` required`;
  if (input.kind === 'select')
    return html`<label class="input"
      ><span>${input.label}</span
      ><select name="${input.name}" ${required}>
        <option value="">${texts.choose}</option>
        ${input.options.map(({ value, text }) => html`<option value="${value}">${text}</option>`)}
      </select></label
    >`;
  const { name, label, placeholder, maxLength } = input;
  return html`<label class="input"
    ><span>${label}</span
    ><input name="${name}" maxlength="${maxLength}" placeholder="${placeholder ?? ''}" autocomplete="off" ${required}
  /></label>`;
}
