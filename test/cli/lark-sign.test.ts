import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Door, createVerifier } from '../../src/channels/lark/inbound/verify.ts';
import { SAMPLES } from '../../src/cli/lark/samples.ts';
import { type Sealed, seal } from '../../src/cli/lark/seal.ts';
import { type LarkAppUnderTest, startLarkApp } from '../support/lark-app.ts';
import { larkEnvironment, larkKeys } from '../support/lark-environment.ts';
import { type Ran, runZhiban } from './zhiban.ts';

const APP = { LARK_APP_ID: 'cli_0123456789abcdef', LARK_APP_SECRET: 's' };
const KEYS = { LARK_ENCRYPT_KEY: 'k', LARK_VERIFICATION_TOKEN: 'v' };
const NOW = Date.parse('2026-11-22T03:00:00Z');
const clock = { now: () => NOW };

const sign = (args: readonly string[], keys: Readonly<Record<string, string>> = KEYS): Promise<Ran> =>
  runZhiban({ ...APP, ...keys }, ['lark', 'sign', ...args], { clock });

/** Headers and body as they were printed. */
function printed({ lines }: Ran): Omit<Sealed, 'path'> {
  const end = lines.indexOf('');
  const headers = lines.slice(0, end).map((line) => line.split(': '));
  return { headers: Object.fromEntries(headers), body: lines.slice(end + 1).join('\n') };
}

function verdictOf({ headers, body }: Omit<Sealed, 'path'>, door: Door, keys: Readonly<Record<string, string>> = KEYS) {
  const verify = createVerifier({
    appId: APP.LARK_APP_ID,
    encryptKey: keys['LARK_ENCRYPT_KEY'],
    verificationToken: keys['LARK_VERIFICATION_TOKEN'],
    clock,
  });
  const small = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return verify(Buffer.from(body), Object.fromEntries(small), door);
}

const KINDS = { challenge: 'challenge', message: 'event', click: 'event', legacy: 'legacy_click' } as const;
const DOORS = { challenge: 'event', message: 'event', click: 'card', legacy: 'card' } as const;

describe('zhiban lark sign', () => {
  it.each(SAMPLES)('makes a %s that our own verifier takes, encrypted and in clear', async (sample) => {
    for (const keys of [KEYS, { LARK_VERIFICATION_TOKEN: 'v' }]) {
      const made = printed(await sign(['--sample', sample], keys));
      expect(verdictOf(made, DOORS[sample], keys).kind).toBe(KINDS[sample]);
      const encrypted = 'LARK_ENCRYPT_KEY' in keys && sample !== 'legacy';
      expect(Object.keys(JSON.parse(made.body) as object).includes('encrypt')).toBe(encrypted);
    }
  });

  it('signs every byte: one that is changed is refused', async () => {
    const made = printed(await sign(['--sample', 'click']));
    const byte = fc.nat({ max: made.body.length - 1 });
    fc.assert(
      fc.property(byte, fc.integer({ min: 1, max: 127 }), (at, by) => {
        const bytes = Buffer.from(made.body);
        bytes[at] = ((bytes[at] ?? 0) + by) % 128;
        expect(verdictOf({ ...made, body: bytes.toString() }, 'card').kind).toBe('refused');
      }),
    );
    const headers = { ...made.headers, 'X-Lark-Request-Nonce': 'another' };
    expect(verdictOf({ ...made, headers }, 'card')).toMatchObject({ reason: 'wrong_signature' });
  });

  it('takes a body from a file or the standard input, and leaves what is encrypted as it is', async () => {
    const first = printed(await sign(['--sample', 'message']));
    const again = await runZhiban({ ...APP, ...KEYS }, ['lark', 'sign', 'body.json'], {
      clock,
      read: async (path) => Buffer.from(path === 'body.json' ? `${first.body}\n` : ''),
    });
    expect(printed(again).body).toBe(first.body);
    expect(verdictOf(printed(again), 'event').kind).toBe('event');
    const plain = await sign(['--sample', 'message', '--body']);
    expect(JSON.parse(plain.said)).toMatchObject({ schema: '2.0', header: { app_id: APP.LARK_APP_ID, token: 'v' } });
  });

  it('says what it needs', async () => {
    expect((await sign(['--sample', 'click'], {})).failure).toContain('Neither LARK_ENCRYPT_KEY');
    expect((await sign(['--sample', 'legacy'], { LARK_ENCRYPT_KEY: 'k' })).failure).toContain(
      'LARK_VERIFICATION_TOKEN',
    );
    expect((await sign([])).failure).toContain('--sample challenge|message|click|legacy');
    const read = (): Promise<Buffer> => Promise.reject(new Error('ENOENT'));
    const gone = await runZhiban({ ...APP, ...KEYS }, ['lark', 'sign', 'gone.json'], { clock, read });
    expect(gone.failure).toBe('gone.json cannot be read.');
  });

  it('signs what is encrypted already, and nothing where there is no key', () => {
    const { headers } = seal('{"encrypt":"abc"}', { LARK_ENCRYPT_KEY: 'k1' }, NOW);
    expect(verdictOf({ headers, body: '{"encrypt":"abc"}' }, 'event', { LARK_ENCRYPT_KEY: 'k1' })).toMatchObject({
      status: 400,
      reason: 'malformed',
    });
    expect(seal('{"open_id":"ou_1"}', {}, NOW).headers).not.toHaveProperty('X-Lark-Signature');
  });
});

describe('zhiban lark sign, towards a server', () => {
  let app: LarkAppUnderTest;
  let environment: Readonly<Record<string, string>>;
  beforeAll(async () => {
    app = await startLarkApp({ mode: 'webhook' });
    environment = {
      PUBLIC_URL: app.url,
      ...larkEnvironment(app.lark),
      ...larkKeys(app.lark),
    };
  });
  afterAll(() => app.close());

  it.each(SAMPLES)('sends a %s that is taken', async (sample) => {
    const { said, failure } = await runZhiban(environment, ['lark', 'sign', '--sample', sample, '--send']);
    expect(failure).toBeUndefined();
    expect(said).toMatch(/^HTTP 200 \{/u);
    expect(await (await fetch(`${app.url}/api/v1/targets`)).text()).not.toContain('oc_0000');
  });

  it('prints a command that a shell can run, and that fails when a byte is changed', async () => {
    const { said } = await runZhiban(environment, ['lark', 'sign', '--sample', 'challenge', '--curl']);
    // The server answers in this process, so the shell must not stop it.
    const run = async (command: string): Promise<unknown> =>
      JSON.parse((await promisify(execFile)('sh', ['-c', command], { timeout: 5000 })).stdout);
    expect(await run(said)).toHaveProperty('challenge');
    const message = await runZhiban(environment, ['lark', 'sign', '--sample', 'message', '--curl']);
    expect(await run(message.said)).toEqual({});
    expect(await run(message.said.replace('"encrypt":"', '"encrypt":"A'))).toMatchObject({ code: 401 });
  });

  it('ends with the answer when it is refused', async () => {
    const wrong = { ...environment, LARK_ENCRYPT_KEY: 'another' };
    expect((await runZhiban(wrong, ['lark', 'sign', '--sample', 'message', '--send'])).failure).toContain('HTTP 401');
    const gone = { ...environment, PUBLIC_URL: 'http://127.0.0.1:9' };
    expect((await runZhiban(gone, ['lark', 'sign', '--sample', 'message', '--send'])).failure).toContain('not answer');
  });
});
