import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';

/** One row a request, a synced commit for all that waited: nothing durable can be cheaper here. */
const db = new Sqlite(join(String(workerData), 'synced.db'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('create table rows (id integer primary key, body text not null)');
const insert = db.prepare('insert into rows (body) values (?)');
const store = db.transaction((bodies: readonly string[]) => {
  for (const body of bodies) insert.run(body);
});
parentPort?.on('message', (bodies: readonly string[]) => {
  store.immediate(bodies);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, not a window
  parentPort?.postMessage(null);
});
