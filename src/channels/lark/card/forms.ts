import type { Form, Input } from '../../../cards/card.ts';
import { callbackButton, flowing, formPanel, label, plainText, select, submitButton } from './elements.ts';
import { MAX_TYPED } from './limits.ts';
import { oneLine } from './markdown.ts';
import type { Names } from './names.ts';
import type { FormElement, InputElement, LarkElement, SelectElement } from './wire.ts';

/** A longer text than this deserves more than one line to type it in. */
const ONE_LINE = 100;

/**
 * A form folded under its title: a panel may stand in a form, not the other way round [LD containers/*]. A form with
 * nothing to fill in is its button; one that could never be submitted, since nothing can be chosen in it, is nothing.
 */
export function formElement(form: Form, names: Names): FormElement | LarkElement | undefined {
  if (form.inputs.length === 0) return flowing([callbackButton(form.submit)]);
  const inputs = form.inputs.flatMap((input): readonly (InputElement | SelectElement)[] => {
    if (input.kind === 'input') return [inputElement(input, names)];
    const options = optionsOf(input);
    return options.length === 0 ? [] : [select(names(input.name), input.label, input.required, options)];
  });
  if (form.inputs.some((input) => input.kind === 'select' && input.required && optionsOf(input).length === 0)) {
    return undefined;
  }
  const submit = submitButton(form.submit, names(`submit_${form.name}`));
  return { tag: 'form', name: names(`form_${form.name}`), elements: [formPanel(form.title, [...inputs, submit])] };
}

function inputElement(input: Extract<Input, { kind: 'input' }>, names: Names): InputElement {
  const { name, required, placeholder, maxLength } = input;
  return {
    tag: 'input',
    name: names(name),
    label: plainText(input.label),
    ...(placeholder !== undefined && { placeholder: label(placeholder) }),
    required,
    max_length: Math.min(MAX_TYPED, Math.max(1, Math.floor(maxLength))),
    width: 'fill',
    ...(maxLength > ONE_LINE && { input_type: 'multiline_text', rows: 2 }),
  };
}

/** Two options of one value make the select unusable [LD single-select-dropdown-menu]. */
function optionsOf({ options }: Extract<Input, { kind: 'select' }>): SelectElement['options'] {
  const sendable = options.filter(({ value }) => value !== '' && value.isWellFormed());
  const byValue = new Map(sendable.map((option) => [option.value, option]));
  return [...byValue.values()].map(({ value, text }) => ({ text: label(oneLine(text) || value), value }));
}
