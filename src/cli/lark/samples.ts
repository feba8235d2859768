import { randomUUID } from 'node:crypto';
import type { EpochMs } from '../../types.ts';

export const SAMPLES = ['challenge', 'message', 'click', 'legacy'] as const;
export type Sample = (typeof SAMPLES)[number];

export interface SampleContext {
  readonly appId: string;
  readonly token: string;
  readonly now: EpochMs;
}

/**
 * Bodies as the platform sends them, about people and chats that do not exist: accepted, and without consequence. The
 * message mentions nobody and the incident of the clicks is nowhere.
 */
export const sampleBody = (sample: Sample, context: SampleContext): object => MAKERS[sample](context);

const PERSON = 'ou_00000000000000000000000000000000';
const CHAT = 'oc_00000000000000000000000000000000';
const MESSAGE = 'om_00000000000000000000000000000000';
const VALUE = { action: 'confirm_diagnosis', incident_id: 'INC-20200101-001' };

const MAKERS: Readonly<Record<Sample, (context: SampleContext) => object>> = {
  challenge: ({ token }) => ({ challenge: randomUUID(), token, type: 'url_verification' }),
  message: (context) =>
    envelope('im.message.receive_v1', context, {
      sender: { sender_id: { open_id: PERSON }, sender_type: 'user', tenant_key: 'sample' },
      message: {
        message_id: `om_${randomUUID().replaceAll('-', '')}`,
        create_time: String(context.now),
        chat_id: CHAT,
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text: 'a sample of zhiban lark sign' }),
      },
    }),
  click: (context) =>
    envelope('card.action.trigger', context, {
      operator: { open_id: PERSON, tenant_key: 'sample' },
      token: `c-${randomUUID()}`,
      action: { value: VALUE, tag: 'button', timezone: 'Asia/Shanghai' },
      host: 'im_message',
      context: { open_message_id: MESSAGE, open_chat_id: CHAT },
    }),
  legacy: () => ({
    open_id: PERSON,
    open_message_id: MESSAGE,
    tenant_key: 'sample',
    token: `c-${randomUUID()}`,
    action: { value: VALUE, tag: 'button', timezone: 'Asia/Shanghai' },
  }),
};

const envelope = (type: string, { appId, token, now }: SampleContext, event: object): object => ({
  schema: '2.0',
  header: {
    event_id: randomUUID().replaceAll('-', ''),
    event_type: type,
    create_time: String(now),
    token,
    app_id: appId,
    tenant_key: 'sample',
  },
  event,
});
