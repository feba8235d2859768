import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { addressOf, isListed, refusalOf } from '../../../src/diagnose/evidence/probe/address.ts';
import type { Lookup } from '../../../src/diagnose/evidence/probe/ask.ts';
import { createProbe } from '../../../src/diagnose/evidence/probe/probe.ts';
import { aboutLabels, soon } from './about.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const clock = { now: () => Date.now() };
const about = (labels: Readonly<Record<string, string>>, now = Date.now()) =>
  aboutLabels(labels, { plan: { probe: true }, now });
const probeOf = (hosts: readonly string[], lookup?: Lookup, timeoutMs = 60_000) =>
  createProbe({ hosts, clock, timeoutMs, ...(lookup === undefined ? {} : { lookup }) });

describe('the probe', () => {
  it('says what a listed address answers, without credentials and without following', async () => {
    const headers: unknown[] = [];
    const port = await listen(
      createServer((request, response) => {
        headers.push([request.headers.authorization, request.headers.cookie, request.headers.host]);
        response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
      }),
    );
    const address = `127.0.0.1:${port}`;
    const [found] = await probeOf([address]).collect(about({ target: `http://user:secret@${address}/health` }), soon());
    expect(found).toMatchObject({ source: 'probe', query: `GET http://${address}/health` });
    expect(found?.title).toMatch(new RegExp(`^Probe ${address} · 302 · \\d+ ms$`));
    expect(found?.text).toContain('redirects to http://169.254.169.254/latest (not followed)');
    expect(headers).toEqual([[undefined, undefined, address]]);
  });

  it('asks nothing that is not on the list, and nothing when the family does not gain', async () => {
    let asked = 0;
    const port = await listen(createServer((_, response) => response.end(String((asked += 1)))));
    const labels = { target: `127.0.0.1:${port}`, url: 'http://other.example.com', instance: '10.0.0.1:80' };
    for (const hosts of [[], ['example.com'], [`127.0.0.1:${port + 1}`], ['other.example.com:8080']]) {
      expect(await probeOf(hosts).collect(about(labels), soon())).toEqual([]);
    }
    expect(await probeOf([`127.0.0.1:${port}`]).collect(aboutLabels(labels), soon())).toEqual([]);
    expect(asked).toBe(0);
  });

  it('reads at most the beginning of a body, and shows what an error says', async () => {
    const port = await listen(
      createServer((_, response) => {
        response.writeHead(503, { 'content-type': 'text/plain' });
        response.write('database is read-only ');
        const timer = setInterval(() => response.write('x'.repeat(100_000)), 1);
        response.on('close', () => clearInterval(timer));
      }),
    );
    const [found] = await probeOf(['127.0.0.1']).collect(about({ instance: `127.0.0.1:${port}` }), soon());
    expect(found?.text).toContain('> database is read-only xxx');
    expect(found?.text.length).toBeLessThan(400);
    expect(found?.relevance).toBe(0.9);
  });

  it('keeps the status of an answer whose body never ends', async () => {
    const port = await listen(
      createServer((_, response) => {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.write('half');
      }),
    );
    const [found] = await probeOf(['127.0.0.1'], undefined, 150).collect(
      about({ target: `127.0.0.1:${port}` }),
      soon(),
    );
    expect(found?.title).toContain(' 500 ');
    expect(found?.text).toContain('> half');
  });

  it('does not wait for one that only wants to speak another protocol', async () => {
    const server = createServer((request) => {
      request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
    });
    const port = await listen(server);
    const [found] = await probeOf(['127.0.0.1']).collect(about({ target: `127.0.0.1:${port}` }), soon());
    expect(found?.text).toContain('The connection failed');
  });

  it('tells a refused connection, silence and a name without address apart', async () => {
    const port = await listen(createServer(() => undefined));
    const silent = await probeOf(['127.0.0.1'], undefined, 100).collect(about({ target: `127.0.0.1:${port}` }), soon());
    expect(silent[0]?.title).toContain('TIMEOUT');
    const refused = await probeOf(['127.0.0.1']).collect(about({ target: '127.0.0.1:1' }), soon());
    expect(refused[0]?.text).toContain('nothing listens there');
    const nobody: Lookup = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    const [unknown] = await probeOf(['shop.example.com'], nobody).collect(
      about({ target: 'https://shop.example.com' }),
      soon(),
    );
    expect(unknown?.text).toContain('The name has no address');
    expect(unknown?.failed).toBeUndefined();
    const never: Lookup = () => new Promise(() => undefined);
    const [slow] = await probeOf(['shop.example.com'], never, 100).collect(
      about({ target: 'shop.example.com' }),
      soon(),
    );
    expect(slow?.title).toContain('TIMEOUT');
  });

  it('tells how long a certificate holds and why it is not trusted', async ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), 'zhiban-probe-'));
    try {
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      try {
        execFileSync(
          'openssl',
          [
            'req',
            '-x509',
            '-newkey',
            'ec',
            '-pkeyopt',
            'ec_paramgen_curve:prime256v1',
            '-nodes',
            '-keyout',
            key,
            '-out',
            cert,
            '-days',
            '5',
            '-subj',
            '/CN=shop.example.com',
          ],
          { stdio: 'ignore' },
        );
      } catch {
        skip('openssl is not installed');
      }
      const port = await listen(
        createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end('ok')),
      );
      const labels = { url: `https://127.0.0.1:${port}/` };
      const [found] = await probeOf(['127.0.0.1']).collect(about(labels, Date.now() + 1_800_000), soon());
      expect(found?.text).toMatch(
        /the certificate expires in 4 d 23 h \(20\d\d-.*; subject shop\.example\.com, issuer shop\.example\.com; the certificate is not trusted: \w+/,
      );
      expect(found?.relevance).toBe(0.9);
      const [late] = await probeOf(['127.0.0.1']).collect(
        { ...about(labels, Date.now() + 6 * 86_400_000), locale: 'zh-CN' },
        soon(),
      );
      expect(late?.text).toMatch(/证书已过期 1 天/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a name that leads elsewhere', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    'fe80::1',
    'febf::1',
    'fd00:ec2::254',
    '::',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '::169.254.169.254',
    'ff02::1',
    'no address',
  ])('to %s is never connected to, even when it is listed', async (ip) => {
    expect(refusalOf(ip, 'shop.example.com')).toBe('metadata');
    const answers = [{ address: ip, family: ip.includes(':') ? 6 : 4 }];
    const [found] = await probeOf(['shop.example.com'], () => Promise.resolve(answers)).collect(
      about({ target: 'http://shop.example.com/' }),
      soon(),
    );
    expect(found).toMatchObject({
      failed: true,
      text: 'Not probed: the name leads to a metadata service or a link-local address',
    });
  });

  it('to this machine is refused, unless the list names the machine', async () => {
    let asked = 0;
    const port = await listen(createServer((_, response) => response.end(String((asked += 1)))));
    const here: Lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const [found] = await probeOf(['shop.example.com'], here).collect(
      about({ target: `shop.example.com:${port}` }),
      soon(),
    );
    expect(found?.text).toBe('Not probed: the name leads to this machine itself');
    expect(asked).toBe(0);
    await probeOf(['localhost'], here).collect(about({ target: `localhost:${port}` }), soon());
    expect(asked).toBe(1);
  });

  it('is resolved once, and what was checked is what is connected to', async () => {
    let asked = 0;
    const port = await listen(createServer((_, response) => response.end(String((asked += 1)))));
    const resolved: string[] = [];
    const rebinding: Lookup = (host) => {
      resolved.push(host);
      return Promise.resolve([{ address: resolved.length === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    };
    const [found] = await probeOf(['localhost'], rebinding).collect(about({ target: `localhost:${port}` }), soon());
    expect(found?.title).toContain(' 200 ');
    expect([resolved, asked]).toEqual([['localhost'], 1]);
  });

  it('with one bad address among good ones is refused', async () => {
    const mixed: Lookup = () =>
      Promise.resolve([
        { address: '10.0.0.1', family: 4 },
        { address: '169.254.169.254', family: 4 },
      ]);
    const [found] = await probeOf(['shop.example.com'], mixed).collect(about({ target: 'shop.example.com' }), soon());
    expect(found?.failed).toBe(true);
  });

  it('is no way round by writing the address otherwise', async () => {
    for (const target of [
      'http://2852039166/',
      'http://0xa9fea9fe/',
      'http://0251.0376.0251.0376/',
      'http://[::ffff:169.254.169.254]/',
    ]) {
      const address = addressOf(target);
      expect(address).toBeDefined();
      expect(refusalOf(address?.host ?? '', address?.host ?? '')).toBe('metadata');
    }
  });
});

describe('the list', () => {
  it.each([
    ['https://shop.example.com/a', ['shop.example.com'], true],
    ['https://SHOP.example.com.:443/a', ['Shop.Example.com'], true],
    ['shop.example.com:8080', ['shop.example.com:8080'], true],
    ['shop.example.com:8081', ['shop.example.com:8080'], false],
    ['http://shop.example.com', ['shop.example.com:80'], true],
    ['http://shop.example.com.evil.org', ['shop.example.com'], false],
    ['http://evil.org/shop.example.com', ['shop.example.com'], false],
    ['http://shop.example.com@evil.org/', ['shop.example.com'], false],
    ['http://evil.org#shop.example.com', ['shop.example.com'], false],
    ['http://evil.org\\@shop.example.com', ['shop.example.com'], false],
    ['http://[fd00::1]:8080/', ['[fd00::1]:8080'], true],
    ['http://[fd00::1]:8080/', ['[fd00::1]'], true],
  ])('for %s with %j says %s', (target, hosts, listed) => {
    const address = addressOf(target);
    expect(address !== undefined && isListed(address, hosts)).toBe(listed);
  });

  it.each([
    '',
    'ftp://a',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'a b',
    'http://',
    'x'.repeat(3000),
    'http://a\r\nHost: b',
  ])('has no place for %j', (target) => {
    expect(addressOf(target)).toBeUndefined();
  });
});
