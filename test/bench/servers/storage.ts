import { openStorage } from '../../../src/app/storage.ts';
import { serveEntrance } from './entrance.ts';

/** Entrance and storage, without delivery or diagnosis: what the promise to lose nothing costs by itself. */
await serveEntrance(async (config, log) => {
  const edges = { clock: { now: () => Date.now() }, random: Math.random, fetch };
  const storage = await openStorage({ config, edges, log, announce: () => undefined, onLost: () => process.exit(1) });
  return storage.committer.accept;
});
