import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRecordChange } from '../../src/console/api/changes.ts';
import { createFakeChanges } from '../support/changes.ts';
import { listening } from './app.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs', 'diagnosis');
const blocks = (file: string): readonly string[] =>
  Array.from(
    readFileSync(join(DOCS, file), 'utf8').matchAll(/^```(?:yaml|json|sh)\n([\s\S]*?)^```$/gm),
    ([, text = '']) => text,
  );

const [, github = '', gitlab = '', argo = '', , byHand = '', body = ''] = blocks('changes.md');

/** What somebody writes who would like to break the request, or the shell. */
const COMMIT = `Fix "quotes" & 'more' $(touch /tmp/x) \`id\` 支付\n\nlong`;
const TITLE = `Fix "quotes" & 'more' $(touch /tmp/x) \`id\` 支付`;
const KEY = 'zb_key';

async function open() {
  const clock = { now: () => Date.parse('2026-11-22T03:00:00Z') };
  const changes = createFakeChanges(clock.now);
  const { url } = await listening({
    recordChange: createRecordChange({ changes, clock }),
    findIntegration: async (name) => ({
      name,
      keyHashes: [createHash('sha256').update(KEY).digest('hex')],
      hmacSecrets: [],
    }),
  });
  return { url, changes };
}

/** Runs a script of the page as its build system would. */
async function run(script: string, url: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const env = { PATH: process.env['PATH'] ?? '', NO_PROXY: '*', ZHIBAN_KEY: KEY, ...variables };
  await promisify(execFile)('sh', ['-euc', script.replace('https://zhiban.example.com', url)], { env });
}

describe('the page about changes', () => {
  it('has the same snippets in both languages', () => {
    expect(blocks('changes.zh-CN.md')).toEqual(blocks('changes.md'));
  });

  it('has a step for GitHub Actions that is accepted, whatever the commit says', async () => {
    const { url, changes } = await open();
    const [step] = parse(github) as [{ env: { CHANGE: string }; run: string }];
    const values: Readonly<Record<string, string>> = {
      'github.event.repository.name': 'checkout',
      'github.event.head_commit.message || github.workflow': COMMIT,
      'github.sha': 'abc123',
      'github.actor': 'lin',
      "format('{0}/{1}/actions/runs/{2}', github.server_url, github.repository, github.run_id)":
        'https://github.com/shop/checkout/actions/runs/42',
      "format('{0}/{1}', github.run_id, github.run_attempt)": '42/1',
    };
    const CHANGE = step.env.CHANGE.replaceAll(/\$\{\{ toJSON\((.+?)\) \}\}/g, (_all, name: string) => {
      expect(Object.keys(values)).toContain(name);
      return JSON.stringify(values[name]);
    });
    await run(step.run, url, { CHANGE });
    await run(step.run, url, { CHANGE });
    expect(changes.all).toMatchObject([
      { service: 'checkout', kind: 'deploy', title: TITLE, version: 'abc123', source: 'github', dedupeKey: '42/1' },
    ]);
  });

  it('has a job for GitLab CI that is accepted, whatever the commit says', async () => {
    const { url, changes } = await open();
    const job = parse(gitlab) as { 'tell-zhiban': { script: [string] } };
    await run(job['tell-zhiban'].script[0], url, {
      CI_PROJECT_NAME: 'checkout',
      CI_COMMIT_TITLE: TITLE,
      CI_COMMIT_SHORT_SHA: 'abc123',
      GITLAB_USER_LOGIN: 'lin',
      CI_PIPELINE_URL: 'https://gitlab.example/shop/checkout/-/pipelines/7',
      CI_PIPELINE_ID: '7',
    });
    expect(changes.all).toMatchObject([
      { service: 'checkout', title: TITLE, author: 'lin', environment: 'production', source: 'gitlab', dedupeKey: '7' },
    ]);
  });

  it.each(['"abc123"', 'null'])('has a template for Argo CD whose body is accepted (revision %s)', async (revision) => {
    const { url, changes } = await open();
    const config = parse(argo) as { data: Readonly<Record<string, string>> };
    const template = parse(config.data['template.zhiban-change'] ?? '') as { webhook: { zhiban: { body: string } } };
    const values: Readonly<Record<string, string>> = {
      'toJson .app.metadata.name': '"checkout"',
      'printf "Argo CD synced %s" .app.metadata.name | toJson': '"Argo CD synced checkout"',
      'toJson .app.status.operationState.syncResult.revision': revision,
      'toJson .app.status.operationState.finishedAt': '"2026-11-22T02:58:00Z"',
      'toJson .app.spec.destination.namespace': '"shop"',
      'printf "%s/%s" .app.metadata.uid .app.status.operationState.finishedAt | toJson': '"uid/2026-11-22T02:58:00Z"',
    };
    const rendered = template.webhook.zhiban.body.replaceAll(/\{\{ (.+?) \}\}/g, (_all, name: string) => {
      expect(Object.keys(values)).toContain(name);
      return values[name] ?? '';
    });
    const service = parse(config.data['service.webhook.zhiban'] ?? '') as {
      url: string;
      headers: { name: string; value: string }[];
    };
    const headers = Object.fromEntries(
      service.headers.map(({ name, value }) => [name, value.replace('$zhiban-key', KEY)]),
    );
    const answered = await fetch(service.url.replace('https://zhiban.example.com', url), {
      method: 'POST',
      headers,
      body: rendered,
    });
    expect(answered.status).toBe(201);
    expect(changes.all).toMatchObject([
      { service: 'checkout', at: Date.parse('2026-11-22T02:58:00Z'), labels: { namespace: 'shop' }, source: 'argocd' },
    ]);
  });

  it('has a command to tell of a change by hand whose body is accepted', async () => {
    const { url, changes } = await open();
    const script = byHand
      .replace('http://localhost:8080/api/v1/changes', `--fail ${url}/api/changes/integration/hand`)
      .replace('$ADMIN_TOKEN', '$ZHIBAN_KEY');
    await run(script, url, {});
    expect(changes.all).toMatchObject([{ service: 'checkout', kind: 'config', source: 'hand' }]);
  });

  it('has a body for anything else that is accepted', async () => {
    const { url, changes } = await open();
    const answered = await fetch(`${url}/api/changes/integration/ci`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body,
    });
    expect(answered.status).toBe(201);
    expect(changes.all[0]).toMatchObject({ kind: 'config', version: 'v2.3.1', url: 'https://ci.example.com/runs/42' });
  });
});
