import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { done, refuse } from './answers.ts';
import { mayNot } from './forbidden.ts';
import type { Operation } from './operation.ts';

const CODE = /^[A-Z2-9]{4}-?[A-Z2-9]{4}$/;

const Input = z.object({ words: z.string().trim().min(1).max(100) });

/** One person, several accounts: an admin makes a code for a name, that person sends it from the other account. */
export const link: Operation<z.infer<typeof Input>> = {
  name: 'link',
  right: 'guest',
  input: Input,
  secret: true,
  chat: {
    slash: 'link',
    chinese: '关联',
    usage: { 'zh-CN': '/link 绑定码（管理员：/link 姓名）', 'en-US': '/link CODE (admins: /link NAME)' },
    example: '/link K7QM-2F9P',
    help: { 'zh-CN': '把这个账号关联到你本人', 'en-US': 'Join this account to your name' },
    takes: 'words',
    parse: (_words, rest) => (rest === '' ? undefined : { words: rest.replace(/^[@＠]/u, '') }),
  },
  run: async ({ words }, context, ports) => {
    const t = operationTexts(context.locale);
    const operator = await ports.operators.find(words);
    if (operator === undefined && CODE.test(words.toUpperCase())) {
      const linked = await ports.operators.redeemLinkCode(words, context.actor.id);
      return linked ? done(t.done.linked(linked.name)) : refuse('invalid', t.refused.badCode);
    }
    if (context.right !== 'admin') return mayNot('admin', context, ports);
    if (operator === undefined) return refuse('not_found', t.refused.noOperator(words));
    // Whoever reads a code first may use it: an admin's is told to nobody but the admin who asks.
    if (operator.role === 'admin' && context.chat !== undefined && context.direct !== true) {
      return refuse('forbidden', t.refused.codeInPublic(operator.name));
    }
    const { code, expiresAt } = await ports.operators.makeLinkCode(operator.id);
    return done(t.done.linkCode(operator.name, code), { data: { code, expiresAt } });
  },
};
