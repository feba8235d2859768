import { expect, it } from 'vitest';
import { createPackedReader } from '../../src/http/unpacking.ts';

/** An unpacker whose work ends when the test says so. */
function unpacking() {
  const under: (() => void)[] = [];
  let most = 0;
  const read = createPackedReader(1000, async (raw, encoding) => {
    most = Math.max(
      most,
      under.push(() => undefined),
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    under[under.length - 1] = resolve;
    await promise;
    if (encoding === 'broken') throw new Error('broken');
    return raw;
  });
  /** Ends what is under way until nothing is left to do. */
  const endAll = async (): Promise<void> => {
    do {
      under.splice(0).forEach((end) => end());
      await new Promise(setImmediate); // oxlint-disable-line no-await-in-loop -- one after another
    } while (under.length > 0);
  };
  return { read, endAll, most: () => most };
}

it('packed bodies are read a few at a time, however many come at once, and in their order', async () => {
  const { read, endAll, most } = unpacking();
  const order: unknown[] = [];
  const reads = Array.from({ length: 50 }, async (_, n) =>
    order.push(await read(Buffer.from(`${n}`), 'gzip', undefined)),
  );
  await endAll();
  await Promise.all(reads);
  expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(most()).toBe(4);
});

it('one that is broken gives its place to the next', async () => {
  const { read, endAll } = unpacking();
  const broken = Array.from({ length: 8 }, () =>
    expect(read(Buffer.from('1'), 'broken', undefined)).rejects.toThrow('broken'),
  );
  const last = read(Buffer.from('2'), 'gzip', undefined);
  await endAll();
  await Promise.all(broken);
  expect(await last).toBe(2);
});

it('more than may wait are told to come again', async () => {
  const { read, endAll } = unpacking();
  const large = Buffer.from(`"${'x'.repeat(9 * 1024 ** 2)}"`);
  const taken = Array.from({ length: 4 + 3 }, () => read(large, 'gzip', undefined));
  await expect(read(large, 'gzip', undefined)).rejects.toMatchObject({ code: 'overloaded' });
  await endAll();
  expect(await Promise.all(taken)).toHaveLength(7);
});
