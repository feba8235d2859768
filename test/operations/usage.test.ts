import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/cards/plain-text.ts';
import type { UsageRow } from '../../src/cards/usage.ts';
import { createPerform } from '../../src/operations/perform.ts';
import type { Context } from '../../src/operations/operation.ts';
import { usage } from '../../src/operations/usage.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { contextWith, createFakes } from './fakes.ts';

const openai: UsageRow = {
  key: 'openai',
  name: 'openai',
  calls: 2,
  failures: 0,
  tokensIn: 1000,
  tokensOut: 500,
  cost: 0.25,
  uncounted: 0,
  meanMs: 1500,
};

async function ask(context: Partial<Context>, providers: readonly UsageRow[], configured = true) {
  const fakes = createFakes();
  const asked: string[] = [];
  const view = { ...fakes.usage, configured, providers };
  const look = async ({ id }: { id: string }) => {
    asked.push(id);
    return view;
  };
  const ports = { ...fakes.ports, usage: look };
  const perform = createPerform({ ports, log: createLog('silent', []), metrics: createMetrics() });
  const outcome = await perform(usage, {}, contextWith({ right: 'reader', ...context }));
  return { outcome, asked, answer: outcome.answer };
}

describe('/usage', () => {
  it('answers with a card and a sentence, in the asker’s language', async () => {
    const { answer } = await ask({ locale: 'zh-CN' }, [openai]);
    expect(answer.brief).toBe('最近 24 小时：2 次，1,500 token，USD 0.25');
    expect(answer.card && plainText(answer.card)).toContain('openai · 2 次 · 1,500 token');
    expect((await ask({}, [openai])).answer.brief).toBe('Last 24 hours: 2 calls, 1,500 tokens, USD 0.25');
  });

  it('asks about the person by the name that the most is known under', async () => {
    expect((await ask({}, [openai])).asked).toEqual(['playground:alice']);
    expect((await ask({ operatorId: 'op1' }, [openai])).asked).toEqual(['op1']);
  });

  it('says what to set where no model is configured, unless one was before', async () => {
    const { answer } = await ask({}, [], false);
    expect(answer).toMatchObject({ brief: expect.stringContaining('Set OPENAI_BASE_URL and OPENAI_MODEL') });
    expect((await ask({ locale: 'zh-CN' }, [], false)).answer.brief).toContain('设置 OPENAI_BASE_URL 和 OPENAI_MODEL');
    expect((await ask({}, [openai], false)).answer.card).toBeDefined();
    expect((await ask({}, [])).answer.card && (await ask({}, [])).answer.brief).toContain('0 calls');
  });
});
