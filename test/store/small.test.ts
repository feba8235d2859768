import { statSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StorageUnavailable } from '../../src/errors.ts';
import { nextNumbers } from '../../src/store/counters.ts';
import type { Engine, Write } from '../../src/store/database.ts';
import { readFact, writeFact } from '../../src/store/facts.ts';
import { createStorageHealth } from '../../src/store/health.ts';
import { keepAnswer, readInbound, takeInbound } from '../../src/store/inbound.ts';
import { createSealer, readOrMakeSecretKey } from '../../src/store/secrets.ts';
import { acceptingSince, createPresence, createUptime } from '../../src/store/uptime.ts';
import { type Opened, SILENT, describeEngines, openEngine } from '../support/engines.ts';
import { committerOn } from './writing.ts';

describeEngines('small repositories', (engine: Engine) => {
  let opened: Opened;
  let write: Write;
  beforeAll(async () => {
    opened = await openEngine(engine);
    ({ write } = committerOn(opened.database));
  });
  afterAll(() => opened.close());

  it('gives every caller its own numbers', async () => {
    const take = (count: number) => write('ingest', (trx) => nextNumbers(trx, 'incidents:20261122', count));
    expect(await take(1)).toBe(1);
    const firsts = await Promise.all([take(3), take(2), take(1)]);
    expect(firsts).toEqual([2, 5, 7]);
    expect(await write('ingest', (trx) => nextNumbers(trx, 'incidents:20261123', 4))).toBe(1);
  });

  it('takes an inbound id once and remembers what was answered', async () => {
    const take = () => write('press', (trx) => takeInbound(trx, 'lark', 'ev1', 5));
    expect(await readInbound(opened.database, 'lark', 'ev1')).toBeUndefined();
    expect([await take(), await take()]).toEqual([true, false]);
    expect(await readInbound(opened.database, 'lark', 'ev1')).toEqual({ at: 5 });
    await write('press', (trx) => keepAnswer(trx, 'lark', 'ev1', '{"ok":true}'));
    expect(await readInbound(opened.database, 'lark', 'ev1')).toEqual({ at: 5, answer: '{"ok":true}' });
  });

  it('frees an inbound id when what it caused could not be stored', async () => {
    const failing = write('press', async (trx) => {
      await takeInbound(trx, 'lark', 'ev2', 5);
      throw new Error('not stored');
    });
    await expect(failing).rejects.toThrow('not stored');
    expect(await write('press', (trx) => takeInbound(trx, 'lark', 'ev2', 6))).toBe(true);
  });

  it('keeps facts', async () => {
    expect(await readFact(opened.database, 'f')).toBeUndefined();
    await writeFact(opened.database, 'f', '1');
    await writeFact(opened.database, 'f', '2');
    expect(await readFact(opened.database, 'f')).toBe('2');
  });

  it('records when it was accepting, one interval for each run', async () => {
    const first = createUptime(write, () => 1000);
    await first.beat(1000);
    await first.beat(6000);
    const second = createUptime(write, () => 60_000);
    await second.beat(60_000);
    await second.beat(65_000);
    expect(await acceptingSince(opened.database, 0)).toEqual([
      { from: 1000, until: 6000 },
      { from: 60_000, until: 65_000 },
    ]);
    expect(await acceptingSince(opened.database, 6000)).toEqual([{ from: 60_000, until: 65_000 }]);
  });

  it('has a break where the machine slept or its clock was set', () => {
    const clock = { at: 1000, now: () => clock.at };
    const since = createPresence(clock);
    const at = (time: number): number => {
      clock.at = time;
      return since();
    };
    expect([at(6000), at(50_000), at(4_000_000), at(4_005_000), at(405_000), at(410_000)]).toEqual([
      1000, 1000, 4_000_000, 4_000_000, 405_000, 405_000,
    ]);
  });
});

describe('sealed secrets', () => {
  it('come back only with their key and in their place', () => {
    const sealer = createSealer('key one');
    const sealed = sealer.seal('hunter2 密码', 'targets:1');
    expect(sealed).not.toContain('hunter2');
    expect(sealer.open(sealed, 'targets:1')).toBe('hunter2 密码');
    expect(sealer.seal('hunter2 密码', 'targets:1')).not.toBe(sealed);
    expect(() => sealer.open(sealed, 'targets:2')).toThrow('damaged');
    expect(() => createSealer('key two').open(sealed, 'targets:1')).toThrow('another SECRET_KEY');
    expect(() => sealer.open(`${sealed.slice(0, -2)}AA`, 'targets:1')).toThrow('damaged');
    expect(() => sealer.open('v1.x', 'targets:1')).toThrow('SECRET_KEY');
  });

  it('have a key that is made once and readable by its owner alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zhiban-key-'));
    const key = readOrMakeSecretKey(join(folder, 'data'));
    expect(key.length).toBeGreaterThanOrEqual(43);
    expect(readOrMakeSecretKey(join(folder, 'data'))).toBe(key);
    expect(statSync(join(folder, 'data', 'secret.key')).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });
});

describe('storage health', () => {
  it('turns red at a failed write and green by its own probe', async () => {
    let broken = true;
    const health = createStorageHealth({ clock: { now: () => 5 }, log: SILENT });
    const write: Write = async () => {
      if (broken) {
        const error = new StorageUnavailable('the disk is full');
        health.failed(error);
        throw error;
      }
      health.wrote();
      return undefined as never;
    };
    const stop = new AbortController();
    const running = health.run(write, stop.signal);
    expect(health.failure()).toBeUndefined();
    health.failed(new StorageUnavailable('the disk is full'));
    expect(health.failure()).toEqual({ since: 5, reason: 'the disk is full' });
    broken = false;
    await expect.poll(() => health.failure()).toBeUndefined();
    stop.abort();
    await running;
  });
});
