import { beforeEach, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { plainText } from '../../src/cards/plain-text.ts';
import type { Ending, Question } from '../../src/chat/assistant/ports.ts';
import { type WriteDeps, createWrite } from '../../src/chat/assistant/write.ts';
import type { Answered, Inquiry } from '../../src/diagnose/assistant/ports.ts';
import { createLog } from '../../src/telemetry/log.ts';

const QUESTION: Question = {
  id: 'fake:m1',
  text: 'why?',
  targetId: 't1',
  channel: 'fake',
  conversation: 'c1',
  asker: { id: 'fake:ann', name: 'Ann' },
  locale: 'en-US',
  timezone: 'UTC',
  askedAt: 1,
  traceId: 't',
  thread: 'm1',
  messageRef: 'm1',
};
const WORK = {
  kind: 'answer',
  subject: 'fake:m1',
  dueAt: 1,
  attempts: 1,
  token: 'x',
  payload: JSON.stringify(QUESTION),
};

const answerOf = (text: string): Answered => ({
  kind: 'answer',
  text,
  cited: [],
  provider: 'openai',
  model: 'sim-1',
  promptVersion: 'ask.v1',
});

let shown: string[];
let endings: Ending[];
let stoppedBy: string | undefined;
let inquiries: Inquiry[];
beforeEach(() => {
  shown = [];
  endings = [];
  stoppedBy = undefined;
  inquiries = [];
});

const words = (card: Card): string => plainText(card).replaceAll(/\s+/g, ' ');
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

function writing(answer: WriteDeps['answer'], over: Partial<WriteDeps> = {}) {
  return createWrite({
    answers: {
      grow: async (_question, card) => {
        shown.push(words(card));
        return true;
      },
      finish: async (_work, ending) => {
        endings.push(ending);
        return 'done';
      },
      stopped: async () => stoppedBy,
    },
    answer: (inquiry, ...rest) => {
      inquiries.push(inquiry);
      return answer(inquiry, ...rest);
    },
    conversation: async () => ({ turns: [] }),
    subjectOf: (id) => `digest of ${id.length}`,
    redact: (text) => text.replaceAll('hunter2', '***'),
    paceMs: () => 20,
    deadlineMs: () => 60_000,
    clock: { now: () => 5 },
    log: createLog('silent', []),
    lookMs: 5,
    ...over,
  });
}
const run = (
  write: ReturnType<typeof writing>,
  work: Partial<typeof WORK> = {},
  signal = new AbortController().signal,
) => write({ ...WORK, ...work }, signal);
const lastWords = (): string => words(endings.at(-1)?.card ?? { tone: 'neutral', title: '', tags: [], blocks: [] });

describe('an answer', () => {
  it('is shown growing, a changed state at a time, and ends whole', async () => {
    const write = writing(async (_inquiry, progress) => {
      progress({ text: () => '', looking: ['query_metrics', 'grafana__search'] });
      await sleep(60);
      progress({ text: () => 'Half' });
      await sleep(120);
      return answerOf('Half and whole.');
    });
    await run(write);
    expect(shown[0]).toContain('Looking at: metrics, an external tool');
    expect(shown.filter((state) => state.includes('Half'))).toHaveLength(1);
    expect(lastWords()).toContain('Half and whole.');
  });

  it('is remembered with the question, without secrets; the person is a digest to the provider', async () => {
    const text = 'why hunter2?';
    await run(
      writing(async () => answerOf('So.')),
      { payload: JSON.stringify({ ...QUESTION, text }) },
    );
    expect(endings[0]?.remember?.turns).toEqual([
      { by: 'person', text: 'why ***?', at: 1 },
      { by: 'bot', text: 'So.', at: 5 },
    ]);
    expect(inquiries[0]?.subject).toBe('digest of 8');
  });

  it('that somebody stops keeps what was written and says who it was', async () => {
    const write = writing(async (_inquiry, progress, signal) => {
      progress({ text: () => 'So far' });
      stoppedBy = 'Bob';
      return aborted(signal);
    });
    await run(write);
    expect(lastWords()).toMatch(/So far.*Stopped by Bob/);
    expect(endings[0]?.remember).toBeUndefined();
  });

  it('under way when we stop is left to be asked again', async () => {
    const process = new AbortController();
    const running = run(
      writing((_inquiry, _progress, signal) => aborted(signal)),
      {},
      process.signal,
    );
    await sleep(20);
    process.abort();
    await expect(running).rejects.toThrow('aborted');
    expect(endings).toEqual([]);
  });

  it('that takes too long ends with what there is, and says so', async () => {
    const write = writing(
      async (_inquiry, progress, signal) => {
        progress({ text: () => 'So far' });
        return aborted(signal);
      },
      { deadlineMs: () => 40 },
    );
    await run(write);
    expect(lastWords()).toMatch(/So far.*No model answered in time/);
  });

  it('that cannot be written in three tries says so instead of being tried for ever', async () => {
    await run(
      writing(async () => answerOf('never')),
      { attempts: 4 },
    );
    expect(lastWords()).toContain('Several tries');
    expect(inquiries).toEqual([]);
  });

  it.each([
    ['quota', 'quota for models'],
    ['budget', 'Today’s budget'],
    ['timeout', 'in time'],
    ['busy', 'busy'],
    ['breaker_open', 'paused'],
  ] as const)('that no model gives (%s) says why', async (shortfall, said) => {
    await run(writing(async () => ({ kind: 'none', shortfall })));
    expect(lastWords()).toContain(said);
  });

  it('waits with its end for a state that is just being shown, and is silent when another has the work', async () => {
    const ends = ['busy', 'busy', 'done'] as const;
    let tries = 0;
    const grow = async () => true;
    const stopped = async () => undefined;
    const busy = { grow, stopped, finish: async () => ends[tries++] ?? 'done' } as const;
    await run(writing(async () => answerOf('So.'), { answers: busy }));
    expect(tries).toBe(3);
    await run(writing(async () => answerOf('So.'), { answers: { grow, stopped, finish: async () => 'lost' } }));
  });

  it('is not given up because it could not be shown growing', async () => {
    const finish = async (_work: unknown, ending: Ending) => {
      endings.push(ending);
      return 'done' as const;
    };
    const grow = () => Promise.reject(new Error('database is busy'));
    const answer = async () => {
      await sleep(60);
      return answerOf('So.');
    };
    await run(writing(answer, { answers: { grow, finish, stopped: async () => undefined } }));
    expect(lastWords()).toContain('So.');
  });

  it('where nothing can be edited is shown once, at its end', async () => {
    const write = writing(
      async (_inquiry, progress) => {
        progress({ text: () => 'Half' });
        await sleep(40);
        return answerOf('Whole.');
      },
      { paceMs: () => undefined },
    );
    await run(write);
    expect(shown).toEqual([]);
    expect(endings).toHaveLength(1);
  });
});
