import { z } from 'zod';
import { operationTexts } from '../cards/texts/operations.ts';
import { refuse } from './answers.ts';
import type { Operation } from './operation.ts';

const Input = z.object({});
type Later = Operation<z.infer<typeof Input>>;

export const oncall: Later = later('oncall', '值班', { 'zh-CN': '谁在值班', 'en-US': 'Who is on call' });
export const usage: Later = later('usage', '用量', { 'zh-CN': '大模型用量', 'en-US': 'Usage of models' });

/** Commands whose subject this version does not have: they say so, and what there is instead. */
function later(
  name: 'oncall' | 'usage',
  chinese: string,
  help: { readonly 'zh-CN': string; readonly 'en-US': string },
): Later {
  return {
    name,
    right: 'reader',
    input: Input,
    reads: true,
    chat: {
      slash: name,
      chinese,
      usage: { 'zh-CN': `/${name}`, 'en-US': `/${name}` },
      example: `/${name}`,
      help,
      takes: 'words',
      parse: () => ({}),
    },
    run: async (_input, { locale }) => refuse('unavailable', operationTexts(locale).refused.notConfigured[name]),
  };
}
