import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Overloaded, StorageUnavailable } from '../../src/errors.ts';
import type { Alert } from '../../src/incident/alert.ts';
import { incidentId } from '../../src/incident/id.ts';
import type { Accepted, Arrival } from '../../src/incident/ports.ts';
import { type CommitterDeps, createCommitter } from '../../src/store/committer.ts';
import type { Engine, Hint, Trx } from '../../src/store/database.ts';
import { writeFact } from '../../src/store/facts.ts';
import { createLog, withTrace, traceId } from '../../src/telemetry/log.ts';
import { type Opened, SILENT, describeEngines, missing, openEngine } from '../support/engines.ts';

const NOTHING: Accepted = { incidents: [] };

const alert = (fingerprint: string, more: Partial<Alert> = {}): Alert => ({
  integration: 'default',
  source: 'custom',
  status: 'firing',
  fingerprint,
  title: `alert ${fingerprint}`,
  summary: '',
  severity: 'warning',
  labels: {},
  annotations: {},
  links: [],
  ...more,
});

const arrival = (...fingerprints: string[]): Arrival => ({
  alerts: fingerprints.map((fingerprint) => alert(fingerprint)),
  receivedAt: 1,
  digest: fingerprints.join(),
  traceId: '',
});

describeEngines('the committer', (engine: Engine) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await openEngine(engine);
  });
  afterAll(() => opened.close());
  afterEach(async () => {
    await opened.database.db.deleteFrom('facts').execute();
  });

  /** Each transaction's arrivals by digest; stores one fact per arrival. */
  const create = (deps: Partial<CommitterDeps> = {}) => {
    const batches: string[][] = [];
    const committer = createCommitter({
      database: opened.database,
      acceptBatch: async (trx, arrivals) => {
        batches.push(arrivals.map(({ digest }) => digest));
        for (const { digest } of arrivals) await writeFact(trx, digest, 'stored');
        return arrivals.map(() => NOTHING);
      },
      onCommit: () => undefined,
      random: Math.random,
      log: SILENT,
      ...deps,
    });
    return { ...committer, batches };
  };

  it('logs each incident that was opened, once its commit is done', async () => {
    const lines: string[] = [];
    const log = createLog('info', [], { write: (line) => void lines.push(line) });
    const id = incidentId('20261122', 7);
    const acceptBatch = async () => [
      {
        incidents: [
          { id, status: 'open', created: true },
          { id: incidentId('20261122', 8), status: 'open', created: false },
        ],
      } as const,
    ];
    await create({ log, acceptBatch }).accept(arrival('a'));
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { action: 'incident_opened', incident_id: id, level: 'info' },
    ]);
    expect(lines).toHaveLength(1);
  });
  const facts = async () => {
    const rows = await opened.database.reader.selectFrom('facts').select('name').orderBy('name').execute();
    return rows.map(({ name }) => name);
  };

  // PGlite has committed before the next turn of the event loop, in which more would arrive.
  it.skipIf(missing(engine) !== undefined)('gathers what arrives during a transaction into the next one', async () => {
    const { accept, batches, waiting } = create();
    const first = accept(arrival('a'));
    await new Promise((resolve) => setImmediate(resolve));
    const rest = ['b', 'c', 'd'].map((name) => accept(arrival(name)));
    expect(waiting()).toBe(4);
    await Promise.all([first, ...rest]);
    expect(batches).toEqual([['a'], ['b', 'c', 'd']]);
    expect(waiting()).toBe(0);
    expect(await facts()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('answers only after the commit', async () => {
    const { write, accept } = create();
    await accept(arrival('durable'));
    expect(await facts()).toEqual(['durable']);
    expect(
      await write('press', async (trx) => (await trx.db.selectFrom('facts').select('name').execute()).length),
    ).toBe(1);
  });

  it('lets presses go first, then alerts, then delivery and jobs, all in one transaction', async () => {
    const order: string[] = [];
    const { write, accept, drain } = create({
      acceptBatch: async (_, arrivals) => {
        order.push(...arrivals.map(({ digest }) => digest));
        return arrivals.map(() => NOTHING);
      },
    });
    const note = (name: string) => async () => void order.push(name);
    void write('job', note('blocker'));
    void write('job', note('job'));
    void write('delivery', note('delivery'));
    void accept(arrival('alert'));
    void write('press', note('press'));
    await drain();
    expect(order).toEqual(['blocker', 'press', 'alert', 'delivery', 'job']);
  });

  it('takes a crowd by halves, so that one is answered while the other is stored', async () => {
    const sizes: number[] = [];
    const { accept } = create({
      acceptBatch: async (_, arrivals) => {
        sizes.push(arrivals.length);
        return arrivals.map(() => NOTHING);
      },
    });
    await Promise.all(Array.from({ length: 201 }, (_, at) => accept(arrival(`a${at}`))));
    expect(sizes).toEqual([1, 100, 50, 32, 18]);
  });

  it('cuts batches to what is stored within 8 ms', async () => {
    const sizes: number[] = [];
    const { accept } = create({
      acceptAlone: async (arrivals) => {
        sizes.push(arrivals.length);
        return { accepted: arrivals.map(() => NOTHING), hints: [], ms: arrivals.length / 5 };
      },
    });
    const crowd = () => Promise.all(Array.from({ length: 200 }, (_, at) => accept(arrival(`a${at}`))));
    await crowd();
    expect(sizes[0]).toBe(100);
    sizes.length = 0;
    await crowd();
    expect(Math.max(...sizes)).toBe(40);
  });

  it('cuts a large request, too, where a transaction of it would take longer', async () => {
    const sizes: number[] = [];
    const { accept } = create({
      acceptAlone: async (arrivals) => {
        sizes.push(...arrivals.map(({ alerts }) => alerts.length));
        return { accepted: arrivals.map(() => NOTHING), hints: [], ms: 10 };
      },
    });
    const large = { ...arrival(), alerts: Array.from({ length: 100 }, (_, at) => alert(`a${at}`)) };
    await accept(large);
    await accept(large);
    expect(sizes).toEqual([100, 80, 20]);
  });

  it('gives delivery its share every 50 ms while alerts crowd', async () => {
    const { write, accept, drain } = create({
      limits: { batchAlerts: 4 },
      acceptBatch: async (_, arrivals) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return arrivals.map(() => NOTHING);
      },
    });
    const startedAt = performance.now();
    const crowd = new AbortController();
    let deliveries = 0;
    const again = async (): Promise<void> => {
      for (; !crowd.signal.aborted; deliveries += 1) await write('delivery', async () => undefined);
    };
    const alerts = Array.from({ length: 120 }, (_, at) => accept(arrival(`a${at}`)));
    const repeating = again();
    await Promise.all(alerts);
    const most = 2 + (performance.now() - startedAt) / 50;
    crowd.abort();
    expect(deliveries).toBeGreaterThanOrEqual(2);
    expect(deliveries).toBeLessThanOrEqual(most);
    await drain();
    await repeating;
  });

  describe('where alerts are stored in one message', () => {
    /** Batches as they are sent; each is stored when its turn is let go. */
    const held = (deps: Partial<CommitterDeps> = {}) => {
      const sent: string[][] = [];
      const letGo: (() => void)[] = [];
      const committer = create({
        acceptAlone: async (arrivals) => {
          sent.push(arrivals.map(({ digest }) => digest));
          await new Promise<void>((resolve) => void letGo.push(resolve));
          return { accepted: arrivals.map(() => NOTHING), hints: [], ms: 0 };
        },
        ...deps,
      });
      return { ...committer, sent, letGo };
    };
    const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

    it('sends the next batch ahead once it is large, and no third', async () => {
      const { accept, sent, letGo } = held();
      const first = accept(arrival('first'));
      await settle();
      const few = Array.from({ length: 20 }, (_, at) => accept(arrival(`a${at}`)));
      await settle();
      expect(sent).toHaveLength(1);
      const more = Array.from({ length: 60 }, (_, at) => accept(arrival(`b${at}`)));
      await settle();
      expect(sent.map((batch) => batch.length)).toEqual([1, 40]);
      while (letGo.length > 0) {
        letGo.shift()?.();
        await settle();
      }
      await Promise.all([first, ...few, ...more]);
      expect(sent.flat()).toHaveLength(81);
    });

    it('stores works in turn with a crowd of alerts, in transactions of their own', async () => {
      const order: string[] = [];
      const { accept, write, drain } = create({
        acceptAlone: async (arrivals) => {
          order.push(arrivals.map(({ digest }) => digest).join('+'));
          return { accepted: arrivals.map(() => NOTHING), hints: [], ms: 0 };
        },
      });
      await accept(arrival('a'));
      for (const name of ['b', 'c', 'd', 'e']) void accept(arrival(name));
      void write('press', async () => void order.push('press'));
      void write('delivery', async () => void order.push('delivery'));
      await drain();
      expect(order).toEqual(['a', 'press', 'delivery', 'b+c+d+e']);
    });

    it('stores works together with a few alerts', async () => {
      const order: string[] = [];
      const { accept, write, drain } = create({
        acceptBatch: async (_, arrivals) => {
          order.push(arrivals.map(({ digest }) => digest).join('+'));
          return arrivals.map(() => NOTHING);
        },
        acceptAlone: () => Promise.reject(new Error('not alone')),
      });
      void accept(arrival('a'));
      void accept(arrival('b'));
      void write('press', async () => void order.push('press'));
      void write('delivery', async () => void order.push('delivery'));
      await drain();
      expect(order).toEqual(['press', 'a+b', 'delivery']);
    });

    it('lets alerts go between works that hold the writer for long, and a job before the rest', async () => {
      const order: string[] = [];
      const { accept, write, drain } = create({
        acceptBatch: async (_, arrivals) => {
          order.push(arrivals.map(({ digest }) => digest).join('+'));
          return arrivals.map(() => NOTHING);
        },
        acceptAlone: () => Promise.reject(new Error('not alone')),
      });
      const slowly = (name: string) => async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        order.push(name);
      };
      const works = ['one', 'two', 'three'].map((name) => write('delivery', slowly(name)));
      const job = write('job', async () => void order.push('job'));
      await new Promise((resolve) => setTimeout(resolve, 2));
      const alerts = accept(arrival('alert'));
      await Promise.all([...works, job, alerts]);
      await drain();
      expect(order).toEqual(['one', 'alert', 'job', 'two', 'three']);
    });

    it('comes back to what long works have left although nothing else arrives', async () => {
      const { write } = create({ acceptAlone: () => Promise.reject(new Error('not alone')) });
      const slowly = () => new Promise((resolve) => setTimeout(resolve, 10));
      const works = Array.from({ length: 3 }, () => write('delivery', slowly));
      expect(await Promise.all(works)).toHaveLength(3);
    });

    it('stores one by one what failed together, the odd one in a plainer form', async () => {
      const stored: string[] = [];
      const { accept } = create({
        acceptAlone: async (arrivals) => {
          const alerts = arrivals.flatMap((one) => one.alerts);
          if (alerts.some(({ links }) => links.length > 0)) throw new TypeError('a link nobody can store');
          stored.push(...alerts.map(({ fingerprint }) => fingerprint));
          return { accepted: arrivals.map(() => NOTHING), hints: [], ms: 0 };
        },
      });
      const odd = alert('odd', { links: [{ kind: 'other', url: 'x' }] });
      await Promise.all([
        accept(arrival('fine')),
        accept({ ...arrival(), digest: 'odd', alerts: [odd] }),
        accept(arrival('fine too')),
      ]);
      expect(stored.toSorted()).toEqual(['fine', 'fine too', 'odd']);
    });
  });

  it('fails one bad work alone and commits those beside it', async () => {
    const { write, accept } = create();
    void write('job', async () => undefined);
    const good = write('delivery', (trx) => writeFact(trx, 'good', 'x'));
    const bad = write('delivery', async (trx) => {
      await writeFact(trx, 'bad', 'x');
      throw new Error('bad work');
    });
    const late = write('job', (trx) => writeFact(trx, 'late', 'x'));
    const alerts = accept(arrival('alert'));
    await expect(bad).rejects.toThrow('bad work');
    await Promise.all([good, late, alerts]);
    expect(await facts()).toEqual(['alert', 'good', 'late']);
  });

  it('runs a failing work of its own once and not again', async () => {
    const { write } = create();
    let runs = 0;
    const failing = write('job', async () => {
      runs += 1;
      throw new Error('always');
    });
    await expect(failing).rejects.toThrow('always');
    expect(runs).toBe(1);
  });

  it('stores an arrival that cannot be stored as it is in a plainer form, and its neighbours untouched', async () => {
    const stored: Alert[] = [];
    const { write, accept } = create({
      acceptBatch: async (_, arrivals) => {
        const alerts = arrivals.flatMap((one) => one.alerts);
        if (alerts.some(({ links }) => links.length > 0)) throw new TypeError('a link nobody can store');
        stored.push(...alerts);
        return arrivals.map(() => NOTHING);
      },
    });
    void write('job', async () => undefined);
    const odd = alert('odd', {
      labels: { service: 'api', big: 'x'.repeat(9000) },
      links: [{ kind: 'other', url: 'x' }],
    });
    await Promise.all([
      accept(arrival('fine')),
      accept({ ...arrival(), digest: 'odd', alerts: [odd] }),
      accept(arrival('fine too')),
    ]);
    expect(stored.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(['fine', 'fine too', 'odd']);
    const plain = stored.find(({ fingerprint }) => fingerprint === 'odd');
    expect(plain).toMatchObject({ title: 'alert odd', labels: { service: 'api' }, links: [] });
    expect(plain?.labels['big']?.length).toBe(2000);
  });

  it('rejects an arrival that cannot be stored in any form', async () => {
    const { accept } = create({ acceptBatch: () => Promise.reject(new TypeError('never')) });
    await expect(accept(arrival('x'))).rejects.toThrow('never');
  });

  it('runs the whole transaction again after a conflict, and hints only for the one that counts', async () => {
    const hinted: Hint[] = [];
    let tries = 0;
    const { write } = create({ onCommit: (hints) => void hinted.push(...hints) });
    const value = await write('delivery', async (trx) => {
      tries += 1;
      trx.hint({ kind: 'target', id: `t${tries}` });
      trx.hint({ kind: 'target', id: `t${tries}` });
      if (tries < 3) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      return 'stored';
    });
    expect([value, tries]).toEqual(['stored', 3]);
    expect(hinted).toEqual([{ kind: 'target', id: 't3' }]);
  });

  it('gives up on a conflict that does not end', async () => {
    let tries = 0;
    const { write } = create({ random: () => 0 });
    const failing = write('delivery', async () => {
      tries += 1;
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    await expect(failing).rejects.toThrow('deadlock');
    expect(tries).toBe(5);
  });

  it('refuses more than its bounds and takes a single large request all the same', async () => {
    const { accept, write, drain } = create({ limits: { requests: 3, alerts: 5 } });
    const large = accept(arrival('1', '2', '3', '4', '5', '6', '7'));
    const second = accept(arrival('a', 'b', 'c'));
    await expect(accept(arrival('d', 'e', 'f'))).rejects.toBeInstanceOf(Overloaded);
    const small = accept(arrival('g'));
    for (let at = 0; at < 3; at += 1) void write('job', async () => undefined);
    await expect(write('job', async () => undefined)).rejects.toBeInstanceOf(Overloaded);
    await expect(write('press', async () => 'a press has its own line')).resolves.toBeDefined();
    await Promise.all([large, second, small]);
    await drain();
    await expect(accept(arrival('h', 'i', 'j'))).resolves.toEqual(NOTHING);
  });

  it('rejects everybody at once when the storage fails, and works again afterwards', async () => {
    let broken = true;
    let transactions = 0;
    const outcomes: string[] = [];
    const database = {
      ...opened.database,
      transaction: (work: (trx: never) => Promise<never>) => {
        transactions += 1;
        if (broken) return Promise.reject(new StorageUnavailable('the disk is full'));
        return opened.database.transaction(work as never);
      },
    } as typeof opened.database;
    const { accept, write } = create({
      database,
      health: { wrote: () => outcomes.push('wrote'), failed: () => outcomes.push('failed') },
    });
    const all = [accept(arrival('a')), accept(arrival('b')), write('press', async () => undefined)];
    const results = await Promise.allSettled(all);
    expect(results.every((result) => result.status === 'rejected' && result.reason instanceof StorageUnavailable)).toBe(
      true,
    );
    expect(transactions).toBe(1);
    broken = false;
    await accept(arrival('again'));
    expect(await facts()).toEqual(['again']);
    expect(outcomes).toEqual(['failed', 'wrote']);
  });

  it('answers a large arrival after the last of its transactions, never cutting an incident', async () => {
    const { accept, batches } = create({
      limits: { batchAlerts: 10 },
      acceptBatch: async (_: Trx, arrivals) => {
        batches.push(arrivals.map(({ alerts }) => String(alerts.length)));
        return arrivals.map(({ alerts }) => ({
          incidents: [{ id: alerts[0]?.groupLabels?.['alertname'] as never, status: 'open', created: true }],
        }));
      },
    });
    const group = (name: string, count: number) =>
      Array.from({ length: count }, (_, at) => alert(`${name}${at}`, { groupLabels: { alertname: name } }));
    const accepted = await accept({
      ...arrival(),
      alerts: [...group('x', 6), ...group('y', 12), ...group('x', 2), ...group('z', 3)],
    });
    expect(batches).toEqual([['8'], ['12'], ['3']]);
    expect(accepted.incidents.map(({ id }) => id)).toEqual(['x', 'y', 'z']);
  });

  it('does not run under the trace of whoever woke it', async () => {
    const { write } = create();
    const seen: string[] = [];
    await withTrace({ trace_id: 'waker' }, () => write('job', async () => void seen.push(traceId())));
    expect(seen).toEqual(['']);
  });
});

describe('listening to commits', () => {
  it('survives a listener that throws', async () => {
    const opened = await openEngine('sqlite');
    const { write } = createCommitter({
      database: opened.database,
      acceptBatch: async () => [],
      onCommit: () => {
        throw new Error('listener');
      },
      random: Math.random,
      log: SILENT,
    });
    const hinting = () =>
      write('job', async (trx) => {
        trx.hint({ kind: 'due', id: 'x', at: 1 });
        return 'done';
      });
    expect([await hinting(), await hinting()]).toEqual(['done', 'done']);
    await opened.close();
  });
});
