import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCHEMA, readConfig } from '../src/config.ts';

const none = (): string => {
  throw new Error('no such file');
};

describe('configuration', () => {
  it('works with nothing set', () => {
    const config = readConfig({}, none);
    expect(config).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8080,
      PUBLIC_URL: 'http://localhost:8080',
      DATABASE_URL: 'sqlite:./data/zhiban.db',
      DEFAULT_TARGET: 'playground:lobby',
      REOPEN_WINDOW: 1_800_000,
      RETENTION: 400 * 86_400_000,
      warnings: [],
    });
  });

  it('names every fault at once and never a secret', () => {
    const read = () =>
      readConfig({ PORT: 'eighty', REOPEN_WINDOW: 'soon', ADMIN_TOKEN: 'short77', ALLOWED_IPS: '10.0.0.0/40' }, none);
    expect(read).toThrow(/PORT[\s\S]*REOPEN_WINDOW[\s\S]*/);
    expect(read).toThrow(/ADMIN_TOKEN must have at least 8/);
    expect(read).toThrow(/ALLOWED_IPS/);
    expect(read).not.toThrow(/short77/);
  });

  it('reads a secret from a file, and refuses both ways at once', () => {
    expect(readConfig({ ADMIN_TOKEN_FILE: '/run/token' }, () => 'from-a-file\n').ADMIN_TOKEN).toBe('from-a-file');
    const both = { ADMIN_TOKEN: 'from-the-environment', ADMIN_TOKEN_FILE: '/run/token' };
    expect(() => readConfig(both, () => 'from-a-file')).toThrow(/both set/);
    expect(() => readConfig({ ADMIN_TOKEN_FILE: '/nowhere' }, none)).toThrow(/cannot be read: \/nowhere/);
  });

  it('says what of Lark makes no sense together', () => {
    const app = { LARK_APP_ID: 'cli_0123456789abcdef', LARK_APP_SECRET: 's' };
    const read = (more: Record<string, string>) => () => readConfig(more, none);
    expect(read({ LARK_APP_ID: app.LARK_APP_ID })).toThrow(/LARK_APP_ID and LARK_APP_SECRET belong together/);
    expect(read({ LARK_MONTHLY_CALLS: '10000' })).toThrow(/LARK_MONTHLY_CALLS: of no use without LARK_APP_ID/);
    expect(read({ ...app, LARK_MODE: 'webhook', LARK_ENCRYPT_KEY: 'k' })).toThrow(/needs LARK_VERIFICATION_TOKEN/);
    expect(read({ ...app, LARK_REACTIONS: 'OnIt=drop_tables' })).toThrow(/LARK_REACTIONS must be EMOJI=action/);
    expect(read({ ...app, LARK_URGENT_STEPS: 'app,pigeon' })).toThrow(/LARK_URGENT_STEPS/);
    expect(read({ ...app, LARK_APP_ID: 'cli_short' })).toThrow(/LARK_APP_ID must be cli_/);
    expect(readConfig(app, none)).toMatchObject({
      LARK_DOMAIN: 'feishu',
      LARK_URGENT_STEPS: ['app'],
      LARK_REACTIONS: { OnIt: 'ack', DONE: 'resolve' },
    });
  });

  it('reports a name that is nearly ours with the right one', () => {
    expect(readConfig({ ALERT_API_KEY: 'k', ZHIBAN_PORT: '1', HOSTNAME: 'h', POST: '1' }, none).warnings).toEqual([
      'ALERT_API_KEY is not read; did you mean ALERT_API_KEYS?',
      'ZHIBAN_PORT is not read; did you mean PORT?',
    ]);
  });

  it('tells of a file for what is no secret, and of a file whose name is mistyped', () => {
    const { warnings } = readConfig(
      {
        LARK_APP_ID_FILE: '/run/id',
        OPENAI_QWEN_MODEL_FILE: '/run/model',
        ADMIN_TOKN_FILE: '/run/token',
        SSL_CERT_FILE: '/etc/ssl/cert.pem',
      },
      none,
    );
    expect(warnings).toEqual([
      'LARK_APP_ID_FILE is not read: only secrets come from files; set LARK_APP_ID itself',
      'OPENAI_QWEN_MODEL_FILE is not read: only secrets come from files; set OPENAI_QWEN_MODEL itself',
      'ADMIN_TOKN_FILE is not read; did you mean ADMIN_TOKEN_FILE?',
    ]);
  });

  it('collects what must be masked, parts of credentials included', () => {
    const config = readConfig(
      {
        ALERT_API_KEYS: 'key-one, key-two',
        ALERT_BASIC_AUTH: 'prom:pass-word',
        DATABASE_URL: 'postgres://u:db-pass@h/d',
      },
      none,
    );
    expect(config.secrets).toEqual(
      expect.arrayContaining(['key-one', 'key-two', 'pass-word', 'prom:pass-word', 'db-pass']),
    );
  });

  it('is described by .env.example name by name', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const names = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name ?? '');
    expect(names.toSorted()).toEqual(Object.keys(SCHEMA.shape).toSorted());
  });
});
