import { z } from 'zod';
import { answerTexts } from '../cards/texts/answers.ts';
import { done, refuse } from './answers.ts';
import { allows } from './forbidden.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});

/** Stops the answers being written in this thread, or in this chat when there is none in the thread. */
export const stop: Operation<z.infer<typeof Input>> = {
  name: 'stop',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'stop',
    chinese: '停止',
    usage: { 'zh-CN': '/stop', 'en-US': '/stop' },
    example: '/stop',
    help: { 'zh-CN': '停止正在写的回答', 'en-US': 'Stop the answer being written' },
    takes: 'words',
    parse: () => ({}),
  },
  run: async (_input, context, { answers }) => {
    const { targetId, locale, actor, actorIds = [actor.id] } = context;
    const t = answerTexts(locale);
    if (answers === undefined || targetId === undefined) return refuse('unavailable', t.nothingToStop);
    const all = await answers.writing(targetId);
    const here = all.filter(({ thread }) => thread === context.thread);
    const meant = here.length > 0 ? here : all;
    if (meant.length === 0) return refuse('already', t.nothingToStop);
    const own = meant.filter(({ askerId }) => actorIds.includes(askerId));
    const others = allows(context.right, 'responder') ? meant : [];
    const stopped = own.length > 0 && here.length === 0 ? own : [...new Set([...own, ...others])];
    if (stopped.length === 0) return refuse('forbidden', t.notYours);
    await answers.stop(
      stopped.map(({ id }) => id),
      actor.name,
    );
    return done(t.stopping(stopped.length));
  },
};
