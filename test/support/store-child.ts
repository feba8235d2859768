import { codeOf } from '../../src/errors.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { createLog } from '../../src/telemetry/log.ts';

// A process that tests kill: opens a database, writes into it as told, and stays until it is killed.

const [job, url = '', dataDir = '', folder, count = '60', bytes = '1'] = process.argv.slice(2);
const database = await openDatabase({ url, dataDir, log: createLog('silent', []) });
if (job === 'hold') {
  await migrate(database);
  await database.db.insertInto('facts').values({ name: 'held', value: 'x' }).execute();
}
process.stdout.write('ready\n');
if (job === 'write') {
  await migrate(database);
  for (let at = 0; at < Number(count); at += 1) {
    const row = { name: `f${at}`, value: 'x'.repeat(Number(bytes)) };
    const said = await database
      .transaction((trx) => trx.insertInto('facts').values(row).execute())
      .then(() => 'took', codeOf);
    process.stdout.write(`${said} ${row.name}\n`);
  }
}
if (job === 'migrate') await migrate(database, folder);
process.stdout.write('done\n');
if (job === 'write') await database.close();
else setInterval(() => undefined, 60_000);
