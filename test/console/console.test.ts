import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { incidentCard } from '../../src/cards/incident-card.ts';
import { PART_TEXTS } from '../../src/console/texts.ts';
import { EN, entry, incident, view } from '../cards/sample.ts';
import { type ConsoleUnderTest, openConsole } from '../support/console-server.ts';

const evil = '<script>alert(1)</script>';
const shown = view({ incident: incident({ title: evil }), timeline: [entry('noted', { data: { text: evil } })] });

let under: ConsoleUnderTest;
const open = (publicUrl?: string) =>
  openConsole({
    locale: 'en-US',
    ...(publicUrl === undefined ? {} : { publicUrl }),
    console: {
      health: async () => [{ name: 'database', ok: false, detail: `disk full ${evil}` }],
      incidents: async (filter) => (filter === 'unresolved' ? [shown.incident] : [incident({ status: 'resolved' })]),
      incident: async (id) =>
        id === shown.incident.id
          ? {
              incident: shown.incident,
              card: incidentCard(shown, EN),
              timeline: shown.timeline,
              deliveries: [{ target: 'lark:oc_1', state: 'dead', attempts: 3, error: evil }],
            }
          : undefined,
    },
  });
beforeEach(async () => {
  under = await open();
});
afterEach(() => under.close());

const page = async (path: string) => (await fetch(under.url + path)).text();

describe('the console', () => {
  it('says at once what is wrong and what is open', async () => {
    const home = await page('/');
    expect(home).toContain('disk full');
    expect(home).toContain(`/incidents/${shown.incident.id}`);
    expect(home).toContain('Critical · Unclaimed');
  });

  it('shows an incident with its story and where it was shown', async () => {
    const one = await page(`/incidents/${shown.incident.id}`);
    expect(one).toContain('kind-noted');
    expect(one).toContain('lark:oc_1');
    expect(one).toContain('dead');
  });

  it('leaves deciding to the chat', async () => {
    expect(await page(`/incidents/${shown.incident.id}`)).not.toContain('data-press');
  });

  it('runs nothing that came with an alert', async () => {
    for (const path of ['/', '/incidents', `/incidents/${shown.incident.id}`])
      expect(await page(path)).not.toContain(evil);
  });

  it('links an incident’s page to everything but itself', async () => {
    const own = `${EN.publicUrl}/incidents/${shown.incident.id}`;
    expect(JSON.stringify(incidentCard(shown, EN))).toContain(own);
    await under.close();
    under = await open(EN.publicUrl);
    const one = await page(`/incidents/${shown.incident.id}`);
    expect(one).not.toContain(own);
    expect(one).toContain('https://runbooks.example/checkout-5xx');
  });

  it('shows a person a page at an address that is none, and a program what the server says', async () => {
    const asking = async (accept: string, method = 'GET') => {
      const answer = await fetch(`${under.url}/nothing/here`, { method, headers: { accept } });
      return [answer.status, (await answer.text()).includes('Back to the console')];
    };
    expect(await asking('text/html,*/*')).toEqual([404, true]);
    expect(await asking('application/json')).toEqual([404, false]);
    expect(await asking('text/html', 'POST')).toEqual([404, false]);
  });

  it('names every part whose health is told, in both languages', async () => {
    const names = ['storage', 'targets', 'channels', 'routing', 'approval', 'lark', 'models'];
    for (const locale of ['zh-CN', 'en-US'] as const) expect(Object.keys(PART_TEXTS[locale])).toEqual(names);
  });

  it('says so when there is no such incident', async () => {
    const answer = await fetch(`${under.url}/incidents/INC-0`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('There is no such page');
  });
});
