import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { stopOnSignals } from '../../src/lifecycle.ts';
import { createRecorderChannel } from './recorder-channel.ts';

/** The server as it is, with one more channel: what the fault tests kill. Prints `ready <port>`. */
const url = process.env['RECORDER_URL'] ?? '';
const idempotency = process.env['RECORDER_KEYS'] === 'none' ? 'none' : 'key';
const app = await createApp(readConfig(process.env), {
  channels: [createRecorderChannel(url, idempotency, Number(process.env['RECORDER_TIMEOUT_MS'] ?? 3000))],
});
stopOnSignals(app.stop, app.log);
const { port } = await app.start();
process.stdout.write(`ready ${port}\n`);
