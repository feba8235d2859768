import { describe, expect, it } from 'vitest';
import { type Service, createLifecycle } from '../src/lifecycle.ts';
import { createLog } from '../src/telemetry/log.ts';

const SILENT = createLog('silent', []);

function service(name: string, said: string[], stop: Service['stop'] = async () => undefined): Service {
  return {
    name,
    start: async () => void said.push(`start ${name}`),
    stop: async (signal) => {
      said.push(`stop ${name}`);
      await stop(signal);
    },
  };
}

describe('services', () => {
  it('start in order and stop in reverse', async () => {
    const said: string[] = [];
    const { start, stop } = createLifecycle([service('a', said), service('b', said)], SILENT);
    await start();
    await stop();
    expect(said).toEqual(['start a', 'start b', 'stop b', 'stop a']);
  });

  it('that had started are stopped when a later one cannot', async () => {
    const said: string[] = [];
    const broken: Service = { ...service('b', said), start: () => Promise.reject(new Error('no port')) };
    const { start } = createLifecycle([service('a', said), broken], SILENT);
    await expect(start()).rejects.toThrow('no port');
    expect(said).toEqual(['start a', 'stop a']);
  });

  it('that fail or hang while stopping keep no other from it', async () => {
    const said: string[] = [];
    const services = [
      service('database', said),
      service('hangs', said, () => new Promise(() => undefined)),
      service('fails', said, () => Promise.reject(new Error('no'))),
    ];
    const { start, stop } = createLifecycle(services, SILENT, 50);
    await start();
    const startedAt = performance.now();
    await stop();
    expect(said.slice(3)).toEqual(['stop fails', 'stop hangs', 'stop database']);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
