import { ModelFailed } from './model.ts';

/** The answer broke off; `how` goes on from `the answer ended`. */
export const incomplete = (how: string): ModelFailed =>
  new ModelFailed(`the answer ended ${how}`, 'stream_incomplete', { retry: 'backoff' });
