import { isJson, type Json, tryParse } from './answer.ts';
import { type ClickOutcome, type Clicks } from './click.ts';
import type { Deps } from './deps.ts';
import { findComponent, valueOf, type Wanted } from './find-component.ts';
import { makeId } from './ids.ts';
import type { Transport } from './transport.ts';
import { send, type WebhookSettings, writeLegacyPush } from './webhook.ts';
import { cardOf, type Message, type User } from './world.ts';

export interface Pressing extends Wanted {
  readonly user: User;
  readonly messageId: string;
  /** The component itself, by whoever has it at hand: two may say the same. */
  readonly component?: Json;
  /** What was filled into the form, by name. */
  readonly form?: Json;
  /** What was chosen or typed outside a form. */
  readonly option?: string;
  readonly input?: string;
  /** Which version of the card the person still saw, 0 = the first; the newest unless given. */
  readonly version?: number;
  readonly via?: Transport['name'];
}

/** A person uses a component of a card they see; throws when the card has none that fits. */
export function createPressing({ world }: Deps, clicks: Clicks, transport: (name?: Transport['name']) => Transport) {
  return (pressing: Pressing): Promise<ClickOutcome> => {
    const message = world.messages.get(pressing.messageId);
    if (!message || message.recalled) throw new Error(`no message ${pressing.messageId} to press in`);
    const component = componentOf(message, pressing);
    return clicks.press(
      { message, user: pressing.user, action: actionOf(component, pressing) },
      transport(pressing.via),
    );
  };
}

function componentOf(message: Message, pressing: Pressing): Json {
  const component = pressing.component ?? findComponent(cardOf(message, pressing.version ?? -1), pressing);
  if (!component) throw new Error(`nothing in the card fits ${JSON.stringify({ ...pressing, user: undefined })}`);
  if (component['disabled'] === true) throw new Error('the component is disabled');
  if (message.visibleTo !== undefined && message.visibleTo !== pressing.user.openId) throw new Error('not visible');
  return component;
}

/** Inside a form everything is in `form_value`; outside, in the field of the component's kind. */
function actionOf(component: Json, { form, option, input }: Pressing): Json {
  const value = valueOf(component);
  return {
    tag: component['tag'],
    ...(value ? { value } : {}),
    ...(component['name'] === undefined ? {} : { name: component['name'] }),
    ...(form ? { form_value: form } : {}),
    ...(option === undefined ? {} : { option }),
    ...(input === undefined ? {} : { input_value: input }),
  };
}

export interface LegacyOutcome {
  readonly status: number;
  readonly toast: Json | undefined;
  /** The card that the answer itself was. */
  readonly card: Json | undefined;
}

/** A click in the old form: no envelope, no event id, proof by sha1, and the answer is the card itself. */
export async function pressLegacy(
  { world, clock, settings }: Deps,
  webhook: WebhookSettings,
  { user, messageId, value }: { readonly user: User; readonly messageId: string; readonly value: Json },
): Promise<LegacyOutcome> {
  const payload = {
    open_id: user.openId,
    user_id: user.userId,
    open_message_id: messageId,
    tenant_key: world.tenantKey,
    token: makeId('c-'),
    action: { value, tag: 'button', timezone: 'Asia/Shanghai' },
  };
  const { status, body } = await send(writeLegacyPush(webhook, payload, clock.now()), settings.pushDeadlineMs);
  const answer = tryParse(body);
  if (!isJson(answer)) return { status, toast: undefined, card: undefined };
  const { toast, ...card } = answer;
  const isCard = 'elements' in card || 'header' in card || card['schema'] === '2.0';
  return { status, toast: isJson(toast) ? toast : undefined, card: isCard ? card : undefined };
}
