import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..', 'src');

/** Which rooms a room may import values from; `telemetry`, `types.ts` and `errors.ts` are open to all but `incident`. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  incident: [],
  telemetry: [],
  ingest: ['incident'],
  cards: ['incident'],
  store: ['incident'],
  diagnose: ['incident'],
  relay: ['incident'],
  channels: ['cards'],
  operations: ['incident', 'cards'],
  delivery: ['incident', 'cards'],
  jobs: ['incident', 'operations'],
  chat: ['operations', 'incident', 'cards'],
  console: ['operations', 'incident', 'cards'],
  plugins: ['operations', 'incident', 'cards'],
  http: ['ingest', 'operations', 'chat', 'console', 'relay', 'plugins'],
};

/** The command line is one of the root files that know every room; it has a folder for its commands. */
const ROOTS = new Set([
  'app.ts',
  'serve.ts',
  'cli.ts',
  'main.ts',
  'config.ts',
  'config-fields.ts',
  'config-evidence.ts',
  'config-lark.ts',
  'config-llm.ts',
  'config-names.ts',
  'lifecycle.ts',
  'cli',
  'app',
]);
const OPEN = new Set(['types.ts', 'errors.ts', 'telemetry']);

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const roomOf = (file: string): string => relative(SRC, file).split('/')[0] ?? '';

function edgesOf(file: string): readonly Edge[] {
  const text = readFileSync(file, 'utf8');
  const imports = text.matchAll(/^(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\(\s*'(\.[^']+)'\s*\)/g);
  return [
    ...[...imports].map(([, , type, path = '']) => ({
      from: file,
      to: join(file, '..', path),
      typeOnly: type !== undefined,
    })),
    ...[...dynamic].map(([, path = '']) => ({ from: file, to: join(file, '..', path), typeOnly: false })),
  ];
}

function isAllowed({ from, to, typeOnly }: Edge): boolean {
  const [room, target] = [roomOf(from), roomOf(to)];
  if (room === target || ROOTS.has(room)) return !(room === 'channels' && crossesChannels(from, to));
  if (ROOTS.has(target)) return false;
  if (typeOnly) return target !== 'http';
  if (OPEN.has(target)) return room !== 'incident' || target !== 'telemetry';
  return MAY_IMPORT[room]?.includes(target) ?? false;
}

/** `channels/lark` may use what lies directly in `channels/`, never another channel. */
function crossesChannels(from: string, to: string): boolean {
  const [, mine = '', ...mineRest] = relative(SRC, from).split('/');
  const [, theirs = '', ...theirsRest] = relative(SRC, to).split('/');
  return mineRest.length > 0 && theirsRest.length > 0 && mine !== theirs;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SRC, name));

describe('rooms', () => {
  it('import only what the table allows', () => {
    const wrong = files
      .flatMap(edgesOf)
      .filter((edge) => !isAllowed(edge))
      .map(({ from, to, typeOnly }) => `${relative(SRC, from)} → ${relative(SRC, to)}${typeOnly ? ' (type)' : ''}`);
    expect(wrong).toEqual([]);
  });

  it('are all named in the table', () => {
    const rooms = new Set(files.map(roomOf).filter((room) => !ROOTS.has(room) && !OPEN.has(room)));
    expect([...rooms].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  it('would notice a forbidden edge', () => {
    const edge = (from: string, to: string, typeOnly = false) => ({
      from: join(SRC, from),
      to: join(SRC, to),
      typeOnly,
    });
    expect(isAllowed(edge('incident/key.ts', 'store/open.ts'))).toBe(false);
    expect(isAllowed(edge('incident/key.ts', 'telemetry/log.ts'))).toBe(false);
    expect(isAllowed(edge('channels/lark/lark.ts', 'channels/wecom/wecom.ts'))).toBe(false);
    expect(isAllowed(edge('chat/chat.ts', 'http/http.ts', true))).toBe(false);
    expect(isAllowed(edge('chat/chat.ts', 'store/open.ts', true))).toBe(true);
  });

  it('keep their files short', () => {
    const long = files
      .map((file) => [relative(SRC, file), readFileSync(file, 'utf8').split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 300);
    expect(long).toEqual([]);
  });

  it('export nothing by default and read the environment in one place', () => {
    const offenders = files.filter((file) => {
      const text = readFileSync(file, 'utf8');
      const readsEnvironment = text.includes('process.env') && !['main.ts', 'cli.ts'].includes(relative(SRC, file));
      return /^export default/m.test(text) || readsEnvironment;
    });
    expect(offenders.map((file) => relative(SRC, file))).toEqual([]);
  });
});
