import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LarkSimulator, startLarkSimulator } from '../simulators/lark/simulator.ts';
import { eventually } from '../support/lark-app.ts';
import { larkEnvironment } from '../support/lark-environment.ts';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'zhiban.js');

let lark: LarkSimulator;
let dataDir: string;
beforeEach(async () => {
  lark = await startLarkSimulator();
  dataDir = mkdtempSync(join(tmpdir(), 'zhiban-shell-'));
});
afterEach(async () => {
  await lark.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The command as a shell runs it, in a folder without a `.env`. */
function zhiban(...args: readonly string[]) {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    cwd: dataDir,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DATA_DIR: dataDir,
      LOCALE: 'en-US',
      ...larkEnvironment(lark),
      LARK_VERIFICATION_TOKEN: lark.verificationToken,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exit = once(child, 'exit').then(([code]) => ({ code: code as number | null, said }));
  return { child, exit };
}

describe('in a shell', () => {
  it('zhiban doctor lark ends by itself, and by Ctrl-C closes its connection first', async () => {
    const chat = lark.addChat('payments');
    const looked = await zhiban('doctor', 'lark').exit;
    expect(looked).toMatchObject({ code: 1, said: expect.stringContaining('1 thing needs attention.') });
    const { child, exit } = zhiban('doctor', 'lark', '--chat', chat.id, '--send');
    await eventually(() => lark.messages(chat.id).length === 1 && lark.connections.open().length === 1);
    const since = performance.now();
    child.kill('SIGINT');
    expect(await exit).toMatchObject({ code: 1, said: expect.stringMatching(/Stopped\.\n$/u) });
    expect(performance.now() - since).toBeLessThan(10_000);
    await eventually(() => lark.connections.open().length === 0);
  });

  it('zhiban lark sign reads its standard input', async () => {
    const { child, exit } = zhiban('lark', 'sign', '-');
    child.stdin.end('{"open_id":"ou_1","action":{"value":{"action":"ack"}}}\n');
    const { code, said } = await exit;
    expect(code).toBe(0);
    expect(said).toMatch(/^X-Lark-Signature: [0-9a-f]{40}$/mu);
    expect(said).toMatch(/\n\n\{"open_id":"ou_1","action":\{"value":\{"action":"ack"\}\}\}\n$/u);
  });
});
