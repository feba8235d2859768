import { Ollama } from 'ollama';
import { afterEach, describe, expect, it } from 'vitest';
import { type OllamaOptions, type OllamaSimulator, startOllamaSimulator } from './ollama.ts';

let simulator: OllamaSimulator | undefined;
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
});

async function open(options: OllamaOptions = {}) {
  simulator = await startOllamaSimulator(options);
  return { simulator, client: new Ollama({ host: simulator.url }) };
}

const ASKED = { model: 'qwen3:8b', messages: [{ role: 'user', content: 'Why is checkout slow?' }] };

describe("the simulated server, spoken to by Ollama's own client", () => {
  it('answers in one piece, with what it counted', async () => {
    const { simulator: server, client } = await open();
    server.answer('连接池耗尽');
    const answer = await client.chat({ ...ASKED, options: { num_ctx: 8192 } });
    expect(answer).toMatchObject({ message: { content: '连接池耗尽' }, done: true, done_reason: 'stop' });
    expect(answer.prompt_eval_count).toBeGreaterThan(0);
    expect((await client.ps()).models[0]).toMatchObject({ name: 'qwen3:8b', context_length: 8192 });
  });

  it.each([{}, { chunkBytes: 3 }, { pace: 3 }] as const)('streams what it says, bent by %j', async (fault) => {
    const { simulator: server, client } = await open();
    server.answer(() => ({ text: '连接池耗尽：the pool is empty, 没有归还', thinking: 'Hm, the pool?' }));
    server.next(fault);
    let [text, thinking, done] = ['', '', false];
    for await (const part of await client.chat({ ...ASKED, stream: true, think: true })) {
      text += part.message.content;
      thinking += part.message.thinking ?? '';
      done = part.done;
    }
    expect([text, thinking, done]).toEqual(['连接池耗尽：the pool is empty, 没有归还', 'Hm, the pool?', true]);
  });

  it('calls tools with objects', async () => {
    const { simulator: server, client } = await open();
    server.answer(() => ({ toolCalls: [{ name: 'query', input: { metric: 'up' } }] }));
    const { message } = await client.chat({ ...ASKED, tools: [{ type: 'function', function: { name: 'query' } }] });
    expect(message.tool_calls).toEqual([{ function: { name: 'query', arguments: { metric: 'up' } } }]);
  });

  it('takes a schema as format', async () => {
    const { simulator: server, client } = await open();
    server.answer('{"summary":"full"}');
    const { message } = await client.chat({ ...ASKED, format: { type: 'object' } });
    expect(JSON.parse(message.content)).toEqual({ summary: 'full' });
    await expect(client.chat({ ...ASKED, format: 'yaml' })).rejects.toMatchObject({ status_code: 400 });
  });

  it('refuses as Ollama does', async () => {
    const { simulator: server, client } = await open();
    await expect(client.chat({ ...ASKED, model: 'llama9' })).rejects.toMatchObject({
      status_code: 404,
      error: 'model "llama9" not found, try pulling it first',
    });
    const busy = 'server busy, please try again.  maximum pending requests exceeded';
    server.next({ refuse: { status: 503, body: { error: busy } } });
    await expect(client.chat(ASKED)).rejects.toMatchObject({ status_code: 503, error: busy });
  });

  it('tells of errors within a stream, and can break one off', async () => {
    const { simulator: server, client } = await open();
    server.answer('a longer answer than one piece of it');
    server.next({ errorAfter: { frames: 1, error: 'llama runner process has terminated' } }, { cutAfter: 2 });
    const read = async () => {
      let text = '';
      for await (const part of await client.chat({ ...ASKED, stream: true })) text += part.message.content;
      return text;
    };
    await expect(read()).rejects.toThrow('llama runner process has terminated');
    await expect(read()).rejects.toThrow(/did not receive done/i);
  });

  it('says what it is and what it has', async () => {
    const { client } = await open({ pulled: ['qwen3:8b', 'llama3.2:latest'], version: '0.12.3' });
    expect(await client.version()).toEqual({ version: '0.12.3' });
    expect((await client.list()).models.map(({ name }) => name)).toEqual(['qwen3:8b', 'llama3.2:latest']);
  });
});
