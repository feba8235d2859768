import { expect, it } from 'vitest';
import { openApp } from '../support/app.ts';
import { runZhiban } from './zhiban.ts';

it('tells what the server beside it says is wrong', async () => {
  const app = await openApp({ DEFAULT_TARGET: 'lark:oc_x' });
  try {
    const { said } = await runZhiban({ DATA_DIR: app.folder, PORT: new URL(app.url).port }, ['doctor']);
    expect(said).toMatch(/^BAD channels: .*lark:oc_x/m);
    expect(said).not.toContain('server: ready');
  } finally {
    await app.close();
  }
});

it('says that a server is ready, and which model it leaves alone', async () => {
  const app = await openApp();
  const { port } = new URL(app.url);
  const models = [
    { name: 'openai', state: { breaker: 'open', busy: 0, fault: 'auth', until: '2026-11-22T16:32:21.303Z' } },
    { name: 'ollama', state: { breaker: 'closed', busy: 0, fault: null, until: null } },
  ];
  const withModels: typeof fetch = async (url, init) =>
    (url instanceof Request ? url.url : new URL(url).href).includes('/api/v1/providers')
      ? Response.json({ data: { items: models } })
      : fetch(url, init);
  try {
    const { said } = await runZhiban({ DATA_DIR: app.folder, PORT: port }, ['doctor'], { fetch: withModels });
    expect(said).toContain('ok  server: ready');
    expect(said).toContain('BAD model openai: paused until 2026-11-22T16:32:21.303Z (auth); zhiban doctor models');
    expect(said).not.toContain('model ollama');
  } finally {
    await app.close();
  }
});

it('says that no server answers', async () => {
  const app = await openApp();
  const { port } = new URL(app.url);
  const gone: typeof fetch = () => Promise.reject(new Error('refused'));
  try {
    const { said } = await runZhiban({ DATA_DIR: app.folder, PORT: port }, ['doctor'], { fetch: gone });
    expect(said).toContain(`ok  server: none answers on port ${port} of this machine`);
  } finally {
    await app.close();
  }
});
