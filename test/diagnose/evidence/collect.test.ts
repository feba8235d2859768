import { describe, expect, it } from 'vitest';
import { createCollector } from '../../../src/diagnose/evidence/collect.ts';
import { SourceFailed } from '../../../src/diagnose/evidence/failure.ts';
import type { EvidenceSource, Finding } from '../../../src/diagnose/evidence/source.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { aboutOf } from './alerted.ts';

const log = createLog('silent', []);
const clock = { now: () => Date.now() };
const never = new AbortController().signal;

const finding = (title: string, relevance?: number): Finding => ({
  source: 'x',
  title,
  text: title,
  at: 1,
  ...(relevance === undefined ? {} : { relevance }),
});
const source = (name: string, collect: EvidenceSource['collect'], timeoutMs = 60_000): EvidenceSource => ({
  name,
  timeoutMs,
  collect,
});
const collector = (sources: readonly EvidenceSource[], deadlineMs = 60_000) =>
  createCollector({ sources, clock, log, deadlineMs });
const hang = async (): Promise<never> => new Promise(() => undefined);

describe('collecting evidence', () => {
  it('keeps the order of the sources, and of relevance inside each', async () => {
    const sources = [
      source('slow', async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return [finding('b', 0.4), finding('a', 0.9), finding('c', 0.4)];
      }),
      source('quick', async () => [finding('e', 0.1), finding('d')]),
    ];
    const found = await collector(sources).collect(aboutOf(), never);
    expect(found.map(({ title }) => title)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('turns failures into findings, whatever is thrown', async () => {
    const sources = [
      source('loki', async () => Promise.reject(new SourceFailed('loki', { kind: 'html', setting: 'LOKI_URL' }))),
      source('mcp:x', () => {
        throw new TypeError('a bug');
      }),
      source('ok', async () => [finding('ok')]),
    ];
    const found = await collector(sources).collect(aboutOf(), never);
    expect(found.map(({ failed, text }) => [failed, text])).toEqual([
      [true, expect.stringContaining('LOKI_URL')],
      [true, 'mcp:x could not be asked: a bug'],
      [undefined, 'ok'],
    ]);
  });

  it('waits for no source that ignores its signal', async () => {
    const startedAt = performance.now();
    const sources = [source('deaf', hang, 60_000), source('ok', async () => [finding('ok')])];
    const found = await collector(sources, 400).collect(aboutOf(), never);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(found.map(({ title, text }) => [title, text])).toEqual([
      ['No evidence from deaf', expect.stringContaining('did not answer within 0.1 s')],
      ['ok', 'ok'],
    ]);
  });

  it('hears a source out that obeys its signal', async () => {
    const polite = source(
      'polite',
      async (_, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve([finding('what there was')]))),
      50,
    );
    const found = await collector([polite]).collect(aboutOf(), never);
    expect(found).toEqual([finding('what there was')]);
  });

  it('ends when nobody wants to know any more', async () => {
    const stop = new AbortController();
    const collecting = collector([source('deaf', hang, 60_000)], 60_000).collect(aboutOf(), stop.signal);
    stop.abort();
    const found = await collecting;
    expect(found).toMatchObject([{ failed: true }]);
  });

  it('stops what a source left running', async () => {
    let stopped = false;
    const leaky = source('leaky', async (_, signal) => {
      signal.addEventListener('abort', () => (stopped = true));
      return [];
    });
    await collector([leaky]).collect(aboutOf(), never);
    expect(stopped).toBe(true);
  });

  it('lets no source push the others out', async () => {
    const many = Array.from({ length: 500 }, (_, index) => finding(`${index}`, index / 500));
    const found = await collector([source('loud', async () => many)]).collect(aboutOf(), never);
    expect(found).toHaveLength(40);
    expect(found[0]?.title).toBe('499');
  });
});
