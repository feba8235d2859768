import { expect, it } from 'vitest';
import type { Alert } from '../../src/incident/alert.ts';
import { openDatabase } from '../../src/store/open.ts';
import { START, alert, arrival, resolved } from '../incident/world.ts';
import { SILENT, describeEngines, openEngine } from '../support/engines.ts';
import { CONTEXT, createBot } from './bot.ts';

const KEYS = 8;

describeEngines('two committers on one database', (engine) => {
  it.skipIf(engine === 'sqlite')('never open two incidents for a key, and miscount nothing', async () => {
    const opened = await openEngine(engine);
    const second = await openDatabase({ url: opened.url, dataDir: opened.dataDir, log: SILENT });
    const bots = [createBot(opened.database), createBot(second)];
    const turns = Array.from({ length: 40 }, (_, turn) => turn);
    await bots[0]?.addTarget('fallback');
    await Promise.all(
      bots.flatMap((bot, replica) =>
        turns.map(async (turn) => {
          const at = START + turn * 1000;
          const list = Array.from({ length: KEYS }, (_, key) => event(key, replica, turn));
          const accepted = await bot.accept(arrival(turn % 2 === replica ? list.toReversed() : list, at));
          const id = accepted.incidents[0]?.id;
          if (turn % 7 === 0 && id !== undefined) await bot.respond(id, { kind: 'note', text: 'x' }, CONTEXT);
        }),
      ),
    );
    const incidents = (await bots[0]?.incidents()) ?? [];
    const rows = (await bots[0]?.alerts()) ?? [];
    expect(new Set(incidents.filter(({ status }) => status !== 'resolved').map(({ key }) => key)).size).toBe(
      incidents.filter(({ status }) => status !== 'resolved').length,
    );
    for (const incident of incidents) {
      const firing = rows.filter(
        (row) => row.incident_id === incident.id && row.current === 1 && row.status === 'firing',
      );
      expect([incident.id, incident.firingCount]).toEqual([incident.id, firing.length]);
    }
    await second.close();
    await opened.close();
  });
});

/** Both replicas speak of the same alerts, each resolving now and then what the other repeats. */
function event(key: number, replica: number, turn: number): Alert {
  const groupLabels = { alertname: `rule-${key}` };
  const name = `rule-${key}-${turn % 3}`;
  return (turn + replica) % 5 === 0 ? resolved(name, { groupLabels }) : alert(name, { groupLabels });
}
