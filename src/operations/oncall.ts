import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { refuse } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});

/** Rotations are nothing this version has: it says so, and who is notified instead. */
export const oncall: Operation<z.infer<typeof Input>> = {
  name: 'oncall',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'oncall',
    chinese: '值班',
    usage: { 'zh-CN': '/oncall', 'en-US': '/oncall' },
    example: '/oncall',
    help: { 'zh-CN': '谁在值班', 'en-US': 'Who is on call' },
    takes: 'words',
    parse: () => ({}),
  },
  run: async (_input, { locale }) => refuse('unavailable', operationTexts(locale).refused.noRotations),
};
