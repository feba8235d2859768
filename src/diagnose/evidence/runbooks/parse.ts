import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EpochMs } from '../../../types.ts';
import type { Runbook, Section } from './runbook.ts';

export interface RunbookFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly updatedAt: EpochMs;
}

export interface Parsed {
  readonly runbook: Runbook;
  /** What is wrong with its front matter, which then counts for nothing. */
  readonly problem?: string;
}

/** Reads a Markdown file; whatever it holds, something searchable comes out. */
export async function parseRunbook({ path, text, updatedAt }: RunbookFile): Promise<Parsed> {
  const { head, body } = divide(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  const read = head === undefined ? { front: Front.parse({}) } : await readFront(head);
  const { id, title, alerts, labels } = read.front;
  const sections = sectionsOf(body);
  const named = title ?? sections.find(({ level }) => level > 0)?.heading ?? '';
  const runbook = {
    id: id ?? idOf(path),
    title: (named === '' ? nameOf(path) : named).slice(0, 200),
    path,
    alerts,
    labels,
    text: body,
    sections,
    updatedAt,
  };
  return read.problem === undefined ? { runbook } : { runbook, problem: `${path}: ${read.problem}` };
}

/** `KubePodCrashLooping.md` in `k8s/` → `KubePodCrashLooping`. */
export const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/\.(?:md|markdown)$/i, '');

const LONGEST_FRONT = 8192;

function divide(text: string): { readonly head?: string; readonly body: string } {
  if (!text.startsWith('---\n')) return { body: text };
  const end = text.slice(0, LONGEST_FRONT).search(/\n(?:---|\.\.\.)[ \t]*(?:\n|$)/);
  if (end === -1) return { body: text };
  const [head, rest] = [text.slice(4, end + 1), text.slice(end + 1)];
  return { head, body: rest.slice(rest.indexOf('\n') === -1 ? rest.length : rest.indexOf('\n') + 1) };
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String).pipe(z.string().max(300));
const names = z.union([scalar.transform((one) => [one]), z.array(scalar).max(200)]);

const Front = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be small letters, digits and -, at most 64')
    .optional(),
  title: scalar.optional(),
  alerts: names.default([]),
  labels: z.record(z.string().max(200), scalar).default({}),
});

interface ReadFront {
  readonly front: z.infer<typeof Front>;
  readonly problem?: string;
}

/** YAML of the core schema: no tags of anybody's own, no aliases, which could unfold without end. */
async function readFront(head: string): Promise<ReadFront> {
  const { parseDocument } = await import('yaml');
  const none = Front.parse({});
  try {
    const document = parseDocument(head, { schema: 'core', logLevel: 'silent', uniqueKeys: true });
    const [fault] = document.errors;
    if (fault !== undefined) return { front: none, problem: `front matter: ${firstLine(fault.message)}` };
    const read = Front.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
    if (read.success) return { front: read.data };
    const faults = read.error.issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`);
    return { front: none, problem: `front matter: ${faults.slice(0, 3).join('; ')}` };
  } catch (error) {
    return { front: none, problem: `front matter: ${firstLine(error instanceof Error ? error.message : '')}` };
  }
}

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').slice(0, 200);

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.{1,300})$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** By headings of the `#` kind; one inside a code block is none. */
function sectionsOf(body: string): readonly Section[] {
  const sections: { level: number; heading: string; lines: string[] }[] = [{ level: 0, heading: '', lines: [] }];
  let fence = '';
  for (const line of body.split('\n')) {
    const mark = FENCE.exec(line)?.[1] ?? '';
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    const found = fence === '' && mark === '' ? HEADING.exec(line) : null;
    if (found === null) sections.at(-1)?.lines.push(line);
    else sections.push({ level: found[1]?.length ?? 1, heading: plainHeading(found[2] ?? ''), lines: [] });
  }
  return sections
    .map(({ level, heading, lines }) => ({ level, heading, text: lines.join('\n').trim() }))
    .filter(({ level, text }) => level > 0 || text !== '');
}

const plainHeading = (text: string): string =>
  text
    .replace(/[ \t]#+[ \t]*$/, '')
    .replaceAll(/[`*]/g, '')
    .trim();

/** Names in other scripts get a digest of the path, which is as stable as the name. */
function idOf(path: string): string {
  const name = path.replace(/\.(?:md|markdown)$/i, '');
  const slug = slugOf(name);
  const whole = slug.length <= 56 && !/[^\x20-\x7e]/.test(name);
  return whole && slug !== '' ? slug : withDigest(slug, path);
}

/** A second file of the same id is told apart by its path. */
export const withDigest = (slug: string, path: string): string => {
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 8);
  const begin = slug.slice(0, 48).replace(/-+$/, '');
  return begin === '' ? `runbook-${digest}` : `${begin}-${digest}`;
};

/** Camel case counts as words, as people write alerts: `KubePodCrashLooping` → `kube-pod-crash-looping`. */
const slugOf = (name: string): string =>
  name
    .slice(0, 400)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
