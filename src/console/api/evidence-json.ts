import { z } from 'zod';
import { sparkline } from '../../cards/sparkline.ts';
import type { Diagnosis } from '../../diagnose/diagnosis.ts';
import { iso, time } from './schemas.ts';

const evidence = z.object({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  query: z.string().nullable(),
  text: z.string(),
  at: time,
  url: z.string().nullable(),
  range: z.object({ from: time, to: time }).nullable(),
  failed: z.boolean().describe('the source did not answer'),
  cut: z.boolean().describe('there was more'),
  series: z
    .array(z.object({ name: z.string(), points: z.array(z.tuple([time, z.number()])) }))
    .describe('what a chart of it shows'),
  sparkline: z.string().nullable().describe('the same as a small SVG image'),
});

export const evidenceList = z.array(evidence);

export const evidenceJson = (diagnosis: Diagnosis | undefined): z.infer<typeof evidenceList> =>
  (diagnosis?.evidence ?? []).map(({ id, source, title, query, text, at, url, range, failed, cut, series = [] }) => ({
    id,
    source,
    title,
    query: query ?? null,
    text,
    at: iso(at),
    url: url ?? null,
    range: range === undefined ? null : { from: iso(range.from), to: iso(range.to) },
    failed: failed ?? false,
    cut: cut ?? false,
    series: series.map(({ name, points }) => ({
      name,
      points: points.map(([when, value]): [string, number] => [iso(when), value]),
    })),
    sparkline: series.length === 0 ? null : sparkline(series.map(({ points }) => points)),
  }));
