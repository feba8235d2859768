import { z } from 'zod';
import { QUOTA_MEASURES, QUOTA_PERIODS, QUOTA_SUBJECTS, type Quota } from '../../cards/usage.ts';
import { quotaSubject } from '../../operations/quota-subject.ts';
import { ApiRefusal, type Route, notFound, route } from './route.ts';
import { given, iso, pageJson, pageOf, pagingQuery, slice, time } from './schemas.ts';

const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

const kind = oneOf(QUOTA_SUBJECTS);
const period = oneOf(QUOTA_PERIODS);
const measure = oneOf(QUOTA_MEASURES);
const amount = z.number({ error: 'must be a number' }).min(0, 'must be at least 0').max(1e15, 'is too much');
const threshold = z
  .number({ error: 'must be a number' })
  .gt(0, 'must be above 0')
  .max(1, 'must be at most 1')
  .describe('the share from which on people are warned');

const shape = z.object({
  id: z.string(),
  subject_kind: kind,
  subject: z.string().describe('an operator’s id, channel:id, a provider, or * for each'),
  period,
  measure,
  amount: z.number(),
  threshold: z.number(),
  enabled: z.boolean(),
  created_at: time,
});

const json = ({ subjectKind, createdAt, ...rest }: Quota): z.infer<typeof shape> => ({
  ...rest,
  subject_kind: subjectKind,
  created_at: iso(createdAt),
});

const createBody = z.object({
  subject_kind: kind,
  subject: z.string().trim().min(1).max(200),
  period,
  measure,
  amount,
  threshold: threshold.default(0.8),
  enabled: z.boolean().default(true),
});

const changeBody = z.object({
  amount: amount.optional(),
  threshold: threshold.optional(),
  enabled: z.boolean().optional(),
});

export const quotaRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/quotas',
    summary: 'What people and providers may use in a period',
    query: pagingQuery,
    data: pageOf(shape),
    run: async ({ query }, { quotas }) => ({ data: pageJson(slice(await quotas.list(), query), json) }),
  }),
  route({
    method: 'get',
    path: '/quotas/:id',
    summary: 'One quota',
    data: shape,
    run: async ({ params: { id = '' } }, { quotas }) => {
      const found = await quotas.get(id);
      if (found === undefined) throw notFound('quota', id);
      return { data: json(found) };
    },
  }),
  route({
    method: 'post',
    path: '/quotas',
    summary: 'Limits a person or a provider; * is each that has no quota of the same kind',
    body: createBody,
    data: shape,
    audit: 'quotas.create',
    run: async (
      { body: { subject_kind: subjectKind, subject, ...rest } },
      { quotas, ports: { operators }, providers },
    ) => {
      const read = await quotaSubject(subjectKind, subject, { operators, providers });
      if ('fault' in read) throw new ApiRefusal(400, `subject: ${read.fault}.`);
      const added = await quotas.add({ ...rest, subjectKind, subject: read.subject });
      if (added === undefined) {
        const words = `There is a quota of ${rest.measure} for ${subject} and ${rest.period} already; change that one.`;
        throw new ApiRefusal(409, words);
      }
      return { status: 201, data: json(added), subject: added.id };
    },
  }),
  route({
    method: 'patch',
    path: '/quotas/:id',
    summary: 'Changes how much a quota allows, from when on it warns, or whether it counts',
    body: changeBody,
    data: shape,
    audit: 'quotas.change',
    run: async ({ params: { id = '' }, body }, { quotas }) => {
      const changed = await quotas.update(id, given(body));
      if (changed === undefined) throw notFound('quota', id);
      return { data: json(changed), subject: id };
    },
  }),
  route({
    method: 'delete',
    path: '/quotas/:id',
    summary: 'Removes a quota',
    data: z.object({}),
    audit: 'quotas.remove',
    run: async ({ params: { id = '' } }, { quotas }) => {
      if (!(await quotas.remove(id))) throw notFound('quota', id);
      return { data: {}, subject: id };
    },
  }),
];
