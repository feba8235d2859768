import { enableCompileCache } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';

// As the product's own entry does.
enableCompileCache();
const { createApp } = await import('../../../src/app.ts');
const { readConfig } = await import('../../../src/config.ts');
const { stopOnSignals } = await import('../../../src/lifecycle.ts');
const { giveBackSoon } = await import('../../../src/telemetry/heap.ts');
const { createRecorderChannel } = await import('../../support/recorder-channel.ts');

/** The server as it is; with `SINK_URL` it has one more channel, whose platform is the sink. */
const sink = process.env['SINK_URL'];
const app = await createApp(readConfig(process.env), {
  channels: sink === undefined ? [] : [createRecorderChannel(sink, 'key')],
});
stopOnSignals(app.stop, app.log);
const { port } = await app.start();
giveBackSoon();
process.stdout.write(`ready ${port}\n`);

const SAMPLE_MS = 5;
const loop = monitorEventLoopDelay({ resolution: SAMPLE_MS });
loop.enable();
// Every sample includes the sampling interval itself.
process.on('message', () => {
  process.send?.(Math.max(0, loop.percentile(99) / 1e6 - SAMPLE_MS));
  loop.reset();
});
