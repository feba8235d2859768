import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type FaultBench,
  createSender,
  groupBody,
  openFaultBench,
  postAlerts,
  showsOf,
  until,
} from '../support/fault-bench.ts';
import { SERVER_READY, startProgram } from '../support/process.ts';
import { type SmallDisk, cannotMount, mountSmallDisk } from '../support/small-disk.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

const why = cannotMount();

describe.skipIf(why !== undefined)(`a full disk${why === undefined ? '' : ` (${why})`}`, () => {
  let disk: SmallDisk;
  let bench: FaultBench;

  beforeAll(async () => {
    disk = mountSmallDisk(24);
    bench = await openFaultBench({ DATA_DIR: disk.folder });
    await bench.start();
  });
  afterAll(async () => {
    await bench.close();
    disk.unmount();
  });

  it('is answered 503 with Retry-After while reads go on, and is over as soon as there is space again', async () => {
    const sender = createSender(bench);
    expect(await sender.send('BeforeFull', 'firing')).toBe(true);
    await until('its card', async () => showsOf(await bench.ledger(), 'BeforeFull').length > 0);

    disk.fill(16 * 1024);
    let refused: Response | undefined;
    for (let index = 0; refused === undefined && index < 500; index += 1) {
      const response = await postAlerts(bench.url(), groupBody(`Filling${index}`, 'firing'));
      if (response.status !== 200) refused = response;
    }
    expect(refused?.status).toBe(503);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);

    const ready = () => fetch(`${bench.url()}/readyz`);
    // A small write may still fit into the log's own space and turn it green for a moment.
    let filled = 500;
    await until('it is red, with the reason', async () => {
      await postAlerts(bench.url(), groupBody(`Filling${(filled += 1)}`, 'firing'));
      const red = await ready();
      const { message } = (await red.json()) as { readonly message: string };
      return red.status === 503 && /^storage: refuses writes: .*full/i.test(message);
    });
    expect((await fetch(`${bench.url()}/healthz`)).status).toBe(200);
    const { items } = await bench.api<{ readonly items: readonly object[] }>('GET', '/incidents?q=BeforeFull');
    expect(items).toHaveLength(1);
    let whileFull = '';
    await until('an alert is refused', async () => {
      whileFull = `WhileFull${(filled += 1)}x`;
      return !(await sender.send(whileFull, 'firing'));
    });

    disk.free();
    await until('it is ready again by itself', async () => (await ready()).status === 200, 15_000);
    await sender.settle();
    expect(await sender.send('BeforeFull', 'resolved')).toBe(true);
    await until('what came after is shown', async () => {
      const calls = await bench.ledger();
      return showsOf(calls, whileFull).length > 0 && showsOf(calls, 'BeforeFull').at(-1)?.tone === 'resolved';
    });
  });
});

describe('a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-folder-'));
  const start = () => startProgram(MAIN, { DATA_DIR: folder, PORT: '0', LOCALE: 'en-US' }, { ready: SERVER_READY });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('belongs to one process: the second says so and ends', async () => {
    const first = await start();
    const second = start();
    await expect(second).rejects.toThrow('ended with 78');
    await expect(second).rejects.toThrow(`Another Zhiban is running on ${folder}. Stop it first`);
    expect((await fetch(`http://127.0.0.1:${first.port}/readyz`)).status).toBe(200);
    expect(await first.end('SIGTERM')).toBe(0);
  });

  it('is served again after kill -9', async () => {
    await (await start()).end('SIGKILL');
    const again = await start();
    expect(await again.end('SIGTERM')).toBe(0);
  });

  it('with a damaged database is refused, with the way to restore it', async () => {
    const file = openSync(join(folder, 'zhiban.db'), 'r+');
    writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, 0);
    closeSync(file);
    const refused = start();
    await expect(refused).rejects.toThrow('ended with 78');
    await expect(refused).rejects.toThrow(/zhiban\.db is damaged and was left as it is .*To restore: .*zhiban backup/);
  });
});
