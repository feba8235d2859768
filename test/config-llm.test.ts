import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

const none = (): string => {
  throw new Error('no such file');
};

const DEEPSEEK = {
  OPENAI_DEEPSEEK_BASE_URL: 'https://api.deepseek.com/v1/',
  OPENAI_DEEPSEEK_API_KEY: 'sk-deep-1234567890',
  OPENAI_DEEPSEEK_MODEL: 'deepseek-chat',
};
const OLLAMA = { OLLAMA_BASE_URL: 'http://localhost:11434', OLLAMA_MODEL: 'qwen3:8b' };
const DIFY = { DIFY_BASE_URL: 'https://dify.example.com/v1', DIFY_API_KEY: 'app-secret-1' };

describe('models in the configuration', () => {
  it('has none unless an address is given: no address is ever guessed', () => {
    expect(readConfig({ OPENAI_API_KEY: 'sk-1', OPENAI_MODEL: 'gpt' }, none).models).toEqual([]);
  });

  it('reads several of a kind by their names, in a settled order', () => {
    const { models, warnings } = readConfig({ ...DEEPSEEK, ...OLLAMA, ...DIFY }, none);
    expect(models.map(({ name }) => name)).toEqual(['dify', 'ollama', 'openai:deepseek']);
    expect(models[2]).toEqual({
      name: 'openai:deepseek',
      kind: 'openai',
      baseUrl: 'https://api.deepseek.com/v1',
      apiKey: 'sk-deep-1234567890',
      model: 'deepseek-chat',
      timeoutMs: 90_000,
      concurrency: 4,
    });
    expect(models[1]).toMatchObject({ timeoutMs: 300_000, concurrency: 1 });
    expect(warnings).toEqual([]);
  });

  it('takes the order that LLM_PROVIDERS gives, and only those', () => {
    const { models } = readConfig(
      { ...DEEPSEEK, ...OLLAMA, ...DIFY, LLM_PROVIDERS: 'openai:deepseek, dify,rules' },
      none,
    );
    expect(models.map(({ name }) => name)).toEqual(['openai:deepseek', 'dify']);
  });

  it('says what is missing of an endpoint', () => {
    const read = (environment: Record<string, string>) => () => readConfig(environment, none);
    expect(read({ LLM_PROVIDERS: 'openai:qwen' })).toThrow(/OPENAI_QWEN_BASE_URL is not set/);
    expect(read({ OLLAMA_BASE_URL: 'http://localhost:11434' })).toThrow(/OLLAMA_MODEL is needed/);
    expect(read({ DIFY_BASE_URL: 'https://dify.example.com/v1' })).toThrow(/DIFY_API_KEY is needed/);
    expect(read({ ...DEEPSEEK, OPENAI_DEEPSEEK_TIMEOUT: 'soon' })).toThrow(/OPENAI_DEEPSEEK_TIMEOUT/);
  });

  it('tells of a model that has no address', () => {
    const { warnings } = readConfig({ OPENAI_QWEN_MODEL: 'qwen-max' }, none);
    expect(warnings).toEqual(['OPENAI_QWEN_MODEL is of no use without OPENAI_QWEN_BASE_URL']);
    const one = (name: string) => readConfig({ [name]: 'x' }, none).warnings;
    expect(one('OPENAI_MODEL')).toEqual(['OPENAI_MODEL is of no use without OPENAI_BASE_URL']);
    expect(one('OLLAMA_MODEL')).toEqual(['OLLAMA_MODEL is of no use without OLLAMA_BASE_URL']);
    expect(one('DIFY_API_KEY')).toEqual(['DIFY_API_KEY is of no use without DIFY_BASE_URL']);
    expect(one('OPENAI_API_KEY')).toEqual([]);
  });

  it('reads the key of a named endpoint from a file, and masks it', () => {
    const { OPENAI_DEEPSEEK_API_KEY: _left, ...rest } = DEEPSEEK;
    const config = readConfig({ ...rest, OPENAI_DEEPSEEK_API_KEY_FILE: '/run/key' }, () => 'sk-from-a-file\n');
    expect(config.models[0]?.apiKey).toBe('sk-from-a-file');
    expect(config.secrets).toContain('sk-from-a-file');
  });
});

describe('evidence sources in the configuration', () => {
  it('reads headers with credentials, masks their values, and never tells them in a fault', () => {
    const text = 'Authorization: Bearer tok-123; X-Scope-OrgID: team';
    const config = readConfig({ PROMETHEUS_HEADERS: text }, none);
    expect(config.PROMETHEUS_HEADERS).toEqual({ Authorization: 'Bearer tok-123', 'X-Scope-OrgID': 'team' });
    expect(config.secrets).toContain('tok-123');
    expect(() => readConfig({ LOKI_HEADERS: 'tok-456 without a name' }, none)).toThrow(
      /LOKI_HEADERS must be Name: value/,
    );
    expect(() => readConfig({ LOKI_HEADERS: 'tok-456 without a name' }, none)).not.toThrow(/tok-456/);
  });

  it('takes hosts that may be asked, and nothing that is no host', () => {
    expect(readConfig({ PROBE_HOSTS: 'shop.example.com,10.0.0.5:8080' }, none).PROBE_HOSTS).toHaveLength(2);
    expect(() => readConfig({ PROBE_HOSTS: 'http://shop.example.com/x' }, none)).toThrow(/PROBE_HOSTS/);
  });
});
