import { cut } from '../../../cards/clean.ts';
import type { Button } from '../../../cards/card.ts';
import { MAX_LABEL } from './limits.ts';
import { oneLine } from './markdown.ts';
import type {
  ButtonElement,
  Column,
  ColumnSet,
  LarkElement,
  Markdown,
  Panel,
  PlainText,
  SelectElement,
  TagColour,
  TextTag,
} from './wire.ts';

/** Text that nothing is read into: mentions, links and tags in it stay letters. */
export const plainText = (text: string): PlainText => ({ tag: 'plain_text', content: oneLine(text) });

/** At most `max` UTF-16 units, which is never more than what the platform counts as characters. */
export function label(text: string, max = MAX_LABEL): PlainText {
  const line = oneLine(text);
  const short = cut(line, max);
  return { tag: 'plain_text', content: (short.length <= max ? short : cut(line, Math.floor(max / 2))) || '…' };
}

export const textTag = (text: string, color: TagColour): TextTag => ({
  tag: 'text_tag',
  text: label(text),
  color,
});

/** `content` is markdown already: see `markdown.ts`. */
export const markdown = (content: string): Markdown => ({ tag: 'markdown', content });

/** Small print. */
export const notation = (content: string): Markdown => ({ tag: 'markdown', content, text_size: 'notation' });

/** Two halves of a row. */
export const halves = (left: LarkElement, right: LarkElement): ColumnSet => ({
  tag: 'column_set',
  flex_mode: 'bisect',
  horizontal_spacing: '8px',
  columns: [left, right].map((element): Column => ({
    tag: 'column',
    width: 'weighted',
    weight: 1,
    elements: [element],
  })),
});

/** Side by side, as many as a row takes, then on the next row. */
export const flowing = (elements: readonly LarkElement[]): ColumnSet => ({
  tag: 'column_set',
  flex_mode: 'flow',
  horizontal_spacing: '8px',
  columns: elements.map((element): Column => ({ tag: 'column', width: 'auto', elements: [element] })),
});

/** Unfolds at a tap. The four-value padding is the one that nobody reported as refused. */
export const panel = (title: string, expanded: boolean, elements: readonly LarkElement[]): Panel => ({
  tag: 'collapsible_panel',
  expanded,
  header: {
    title: plainText(title),
    vertical_align: 'center',
    icon: { tag: 'standard_icon', token: 'down-small-ccm_outlined', size: '16px 16px' },
    icon_position: 'right',
    icon_expanded_angle: -180,
  },
  border: { color: 'grey', corner_radius: '5px' },
  vertical_spacing: '8px',
  padding: '8px 8px 8px 8px',
  elements,
});

/** A panel to act in, which its grey tells from those to read in. */
export const formPanel = (title: string, elements: readonly LarkElement[]): Panel => ({
  ...panel(title, false, elements),
  background_color: 'grey',
});

const TYPES = { primary: 'primary_filled', default: 'default', danger: 'danger' } as const;

/** Sends its value. The platform asks `confirm` for certain only in forms, so an operation asks again by itself. */
export function callbackButton({ text, style, value, confirm }: Button): ButtonElement {
  const { action, incident_id, rev, diagnosis_id, args } = value;
  const sent = {
    action,
    ...(incident_id !== undefined && { incident_id }),
    ...(rev !== undefined && { rev }),
    ...(diagnosis_id !== undefined && { diagnosis_id }),
    ...(args !== undefined && { args }),
  };
  return {
    tag: 'button',
    type: TYPES[style],
    size: 'medium',
    text: label(text),
    behaviors: [{ type: 'callback', value: sent }],
    // Without a title, old clients do nothing at all when the button is pressed [LD interactive-components/button].
    ...(confirm !== undefined && { confirm: { title: label(confirm.title), text: plainText(confirm.text) } }),
  };
}

/** Sends what a form holds along with its value. */
export const submitButton = (button: Button, name: string): ButtonElement => ({
  ...callbackButton(button),
  name,
  form_action_type: 'submit',
});

export const linkButton = (text: string, url: string): ButtonElement => ({
  tag: 'button',
  type: 'default',
  size: 'small',
  text: label(text),
  behaviors: [{ type: 'open_url', default_url: url }],
});

export const select = (
  name: string,
  hint: string,
  required: boolean,
  options: SelectElement['options'],
): SelectElement => ({ tag: 'select_static', name, placeholder: label(hint), required, width: 'fill', options });
