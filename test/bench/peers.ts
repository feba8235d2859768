import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';
import { type Server, startServer } from './server.ts';

const run = promisify(execFile);

/** Pinned, so that two runs compare with the same. */
const VERSIONS = { hubot: '14.1.0', 'node-red': '5.0.7' };

/** Installs both beside the machine's temporary files, once; no part of what the project depends on. */
export async function installPeers(): Promise<string> {
  const words = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  const folder = join(tmpdir(), `zhiban-bench-${words.join('-')}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...words], { cwd: folder });
  writeFileSync(done, '');
  return folder;
}

/** The same work in the other's own terms: a webhook, a function that makes a card, a POST of it to the sink. */
export type StartPeer = (installed: string, sinkUrl: string) => Promise<Server>;

const CARD = `const { labels, annotations } = body.alerts[0];
  const card = { room: 'ops', title: labels.alertname + ' ' + labels.severity, tone: 'red', text: annotations.summary };`;

export const startHubot: StartPeer = async (installed, sinkUrl) => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-bench-'));
  const hubot = join(installed, 'node_modules/hubot');
  writeFileSync(
    join(folder, 'Sink.mjs'),
    `import Adapter from '${hubot}/src/Adapter.mjs';
class Sink extends Adapter {
  async send(_envelope, ...cards) {
    for (const card of cards) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch('${sinkUrl}/cards', { method: 'POST', headers, body: card });
      await response.arrayBuffer();
    }
  }
  async run() { this.emit('connected'); }
}
export default { use: (robot) => new Sink(robot) };
`,
  );
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(
    join(folder, 'scripts/alert.mjs'),
    `export default (robot) => robot.router.post('/api/alert', (req, res) => {
  const { body } = req;
  ${CARD}
  robot.messageRoom('ops', JSON.stringify(card));
  res.json({ accepted: body.alerts.length });
});
setTimeout(() => console.log('peer is ready'), 1000);
`,
  );
  const port = await freePort();
  return startPeer(join(hubot, 'bin/Hubot.mjs'), folder, port, {
    HUBOT_FILE: join(folder, 'Sink.mjs'),
    HUBOT_LOG_LEVEL: 'warn',
    EXPRESS_PORT: String(port),
    EXPRESS_BIND_ADDRESS: '127.0.0.1',
  });
};

export const startNodeRed: StartPeer = async (installed, sinkUrl) => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiban-bench-'));
  const port = await freePort();
  const node = (id: string, type: string, wires: string[][], more: object) => ({ id, type, z: 'flow', wires, ...more });
  const func = `const body = msg.payload;
  ${CARD}
  const answer = { req: msg.req, res: msg.res, payload: { accepted: body.alerts.length } };
  return [answer, { payload: card }];`;
  const flow = [
    { id: 'flow', type: 'tab', label: 'alerts' },
    node('in', 'http in', [['card']], { url: '/api/alert', method: 'post' }),
    node('card', 'function', [['answer'], ['post']], { func, outputs: 2 }),
    node('answer', 'http response', [], { statusCode: '200' }),
    node('post', 'http request', [[]], { method: 'POST', ret: 'obj', url: `${sinkUrl}/cards` }),
  ];
  writeFileSync(join(folder, 'flow.json'), JSON.stringify(flow));
  writeFileSync(
    join(folder, 'settings.js'),
    `module.exports = { uiPort: ${port}, uiHost: '127.0.0.1', userDir: '${folder}', flowFile: 'flow.json', httpAdminRoot: false,
  httpRequestTimeout: 10000, logging: { console: { level: 'info' } } };`,
  );
  return startPeer(join(installed, 'node_modules/node-red/red.js'), folder, port, {}, [
    '--settings',
    join(folder, 'settings.js'),
  ]);
};

async function startPeer(
  program: string,
  folder: string,
  port: number,
  environment: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): Promise<Server> {
  const ready = /peer is ready|Started flows/;
  const server = await startServer(program, { folder, cwd: folder, port, ready, environment, words });
  return {
    ...server,
    end: async () => {
      await server.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
