import { z } from 'zod';
import { CHANGE_KINDS, type Change } from '../../incident/change.ts';
import type { EpochMs } from '../../types.ts';
import { faultsOf } from './answer.ts';
import type { ApiDeps } from './ports.ts';
import { ApiRefusal, type Reply, type Route, notFound, route } from './route.ts';
import { given, iso, labels, narrowing, pageJson, pageOf, paging, time, timeInput } from './schemas.ts';

/** Clocks of build machines are not all right; what is to happen later is no change yet. */
const MOST_AHEAD_MS = 10 * 60_000;
const MOST_LABELS = 30;

const shape = z.object({
  id: z.string(),
  at: time,
  kind: z.enum(CHANGE_KINDS),
  service: z.string(),
  environment: z.string().nullable(),
  title: z.string(),
  version: z.string().nullable(),
  author: z.string().nullable(),
  url: z.string().nullable(),
  source: z.string(),
  labels,
  dedupe_key: z.string().nullable(),
  created_at: time,
});

const json = (change: Change): z.infer<typeof shape> => ({
  id: change.id,
  at: iso(change.at),
  kind: change.kind,
  service: change.service,
  environment: change.environment ?? null,
  title: change.title,
  version: change.version ?? null,
  author: change.author ?? null,
  url: change.url ?? null,
  source: change.source,
  labels: change.labels,
  dedupe_key: change.dedupeKey ?? null,
  created_at: iso(change.createdAt),
});

/** A commit's message has a first line, which is its title; nothing in it may hide or break what is shown. */
const firstLine = (text: string): string =>
  (text.trim().split(/[\r\n]/u, 1)[0] ?? '')
    .toWellFormed()
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();

const word = (most: number) => z.string().max(most).transform(firstLine).pipe(z.string().min(1, 'must not be empty'));

/** Build systems send an empty text for what they do not know. */
const perhaps = (most: number) =>
  z
    .string()
    .max(most)
    .nullish()
    .transform((text) => firstLine(text ?? '') || undefined);

const address = z
  .string()
  .max(2000)
  .nullish()
  .transform((text, context) => {
    if (text === undefined || text === null || text === '') return undefined;
    const url = URL.parse(text);
    if (url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '') return url.href;
    context.addIssue({ code: 'custom', message: 'must be an http(s) address without a password in it' });
    return z.NEVER;
  });

const body = z.object({
  service: word(200),
  kind: z.enum(CHANGE_KINDS, { error: `must be one of ${CHANGE_KINDS.join(', ')}` }).default('deploy'),
  title: z
    .string()
    .max(20_000)
    .transform((text) => Array.from(firstLine(text)).slice(0, 300).join(''))
    .pipe(z.string().min(1, 'must not be empty'))
    .describe('its first line is kept, 300 characters of it'),
  version: perhaps(200),
  author: perhaps(200),
  environment: perhaps(100),
  url: address,
  at: timeInput.nullish().describe('now when absent'),
  labels: z
    .record(z.string().min(1).max(100), z.string().max(400))
    .refine((all) => Object.keys(all).length <= MOST_LABELS, `must be at most ${MOST_LABELS}`)
    .transform((all) => Object.fromEntries(Object.entries(all).map((pair) => pair.map(firstLine))))
    .pipe(labels)
    .default({}),
  dedupe_key: perhaps(300).describe('told again under the same one, it is the same change'),
  id: perhaps(300).describe('the same as dedupe_key'),
});

type Body = z.infer<typeof body>;

export const changeRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/changes',
    summary: 'Releases and other changes, latest first',
    query: z.object({
      ...paging,
      q: narrowing.q,
      labels: narrowing.labels,
      from: timeInput.optional(),
      to: timeInput.optional(),
      service: z.string().max(200).optional(),
      environment: z.string().max(100).optional(),
      kind: z.enum(CHANGE_KINDS, { error: `must be one of ${CHANGE_KINDS.join(', ')}` }).optional(),
    }),
    data: pageOf(shape),
    run: async ({ query: { limit, ...rest } }, { changes }) => ({
      data: pageJson(await changes.list({ limit, ...given(rest) }), json),
    }),
  }),
  route({
    method: 'get',
    path: '/changes/:id',
    summary: 'One change',
    data: shape,
    run: async ({ params: { id = '' } }, { changes }) => {
      const found = await changes.get(id);
      if (found === undefined) throw notFound('change', id);
      return { data: json(found) };
    },
  }),
  route({
    method: 'post',
    path: '/changes',
    summary: 'Tells of a change; evidence of incidents that begin soon after it',
    body,
    data: shape,
    audit: 'changes.record',
    run: (request, deps) => recorded(request.body, 'api', deps, request.idempotencyKey),
  }),
];

export type RecordChange = (body: unknown, sender: string) => Promise<Reply>;

/** The same for a sender that proved itself in another way; throws what the routes above would answer. */
export const createRecordChange =
  (deps: Pick<ApiDeps, 'changes' | 'clock'>): RecordChange =>
  async (received, sender) => {
    const read = body.safeParse(received);
    if (read.success) return recorded(read.data, sender, deps);
    throw new ApiRefusal(400, faultsOf(read.error));
  };

async function recorded(
  { at, dedupe_key: key, id, ...rest }: Body,
  source: string,
  { changes, clock }: Pick<ApiDeps, 'changes' | 'clock'>,
  idempotencyKey?: string,
): Promise<Reply> {
  const { kind, service, title, labels: told, version, author, environment, url } = rest;
  const known = given({ version, author, environment, url, dedupeKey: key ?? id ?? idempotencyKey });
  const when = timeOf(at ?? undefined, clock.now());
  const { change, created } = await changes.record({ source, at: when, kind, service, title, labels: told, ...known });
  const message = created ? 'Recorded.' : 'Known already under this dedupe_key; nothing was changed.';
  return { status: created ? 201 : 200, message, data: json(change), subject: change.id };
}

function timeOf(at: EpochMs | undefined, now: EpochMs): EpochMs {
  if (at === undefined || at <= now + MOST_AHEAD_MS) return at ?? now;
  throw new ApiRefusal(
    400,
    `at: ${iso(at)} is in the future; it is ${iso(now)} here. Tell of a change when it is made.`,
  );
}
