import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { done, refuse } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({ target: z.string().min(1).max(2000).optional() });

/** Sends a short message to a target now, so that somebody sees whether it arrives. */
export const test: Operation<z.infer<typeof Input>> = {
  name: 'test',
  right: 'admin',
  input: Input,
  chat: {
    slash: 'test',
    chinese: '测试',
    usage: { 'zh-CN': '/test [目标]', 'en-US': '/test [TARGET]' },
    example: '/test playground:lobby',
    help: { 'zh-CN': '向目标发一条测试消息（不写则是本群）', 'en-US': 'Send a test message (here when left out)' },
    takes: 'words',
    parse: (_words, rest) => (rest === '' ? {} : { target: rest }),
  },
  run: async (input, context, { targets, testTarget }) => {
    const t = operationTexts(context.locale);
    const words = input.target ?? context.targetId ?? '';
    const target = await targets.find(words);
    if (target === undefined) {
      return refuse(
        'not_found',
        t.refused.noTarget(
          words,
          (await targets.list()).slice(0, 10).map(({ name }) => name),
        ),
      );
    }
    const result = await testTarget(target);
    await targets.rememberTest(target.id, result);
    if (!result.ok) return refuse('unavailable', t.refused.testFailed(target.name, result.detail));
    return done(t.done.test(target.name, result.ms), { data: { result } });
  },
};
