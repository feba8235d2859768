import { z } from 'zod';
import type { Diagnosis, Origin } from '../../diagnose/diagnosis.ts';
import { iso, isoOrNull, time } from './schemas.ts';

const cause = z.object({
  statement: z.string(),
  confidence: z.number(),
  evidence_ids: z.array(z.string()),
  unverified: z.boolean().describe('it names things that no evidence names'),
  seen: z.number().nullable().describe('incidents of which people said something about this cause'),
  confirmed: z.number().nullable(),
});
const step = z.object({
  text: z.string(),
  risk: z.string(),
  command: z.string().nullable(),
  runbook_id: z.string().nullable(),
});
const origin = z.object({
  model: z.string().nullable(),
  awaiting: z.boolean().describe('a model is being asked; its answer will be a diagnosis of its own'),
  shortfall: z.string().nullable().describe('why no model gave one'),
  said: z.string().nullable().describe('what a model said that had no structure: unverified'),
  cached_at: time.nullable().describe('when identical evidence was diagnosed'),
  tokens_in: z.number().nullable(),
  tokens_out: z.number().nullable(),
  latency_ms: z.number().nullable(),
  repaired: z.boolean(),
  struck: z.number().describe('claims without evidence'),
  redacted: z.number().describe('secrets and personal data kept back'),
});

export const diagnosisShape = z.object({
  id: z.string().describe('empty while pending'),
  status: z.string().describe('pending: one is coming, and nothing else is known of it'),
  provider: z.string(),
  prompt_version: z.string(),
  family: z.string(),
  summary: z.string(),
  causes: z.array(cause),
  steps: z.array(step),
  confidence: z.number(),
  created_at: time,
  decided_at: time.nullable(),
  decided_by: z.string().nullable(),
  reject_reason: z.string().nullable(),
  severity_opinion: z.string().nullable(),
  origin,
});

export const diagnosisJson = (diagnosis: Diagnosis): z.infer<typeof diagnosisShape> => ({
  id: diagnosis.id,
  status: diagnosis.status,
  provider: diagnosis.provider,
  prompt_version: diagnosis.promptVersion,
  family: diagnosis.family,
  summary: diagnosis.summary,
  causes: diagnosis.causes.map(({ statement, confidence, evidenceIds, unverified, seen, confirmed }) => ({
    statement,
    confidence,
    evidence_ids: [...evidenceIds],
    unverified: unverified ?? false,
    seen: seen ?? null,
    confirmed: confirmed ?? null,
  })),
  steps: diagnosis.steps.map(({ text, risk, command, runbookId }) => ({
    text,
    risk,
    command: command ?? null,
    runbook_id: runbookId ?? null,
  })),
  confidence: diagnosis.confidence,
  created_at: iso(diagnosis.createdAt),
  decided_at: isoOrNull(diagnosis.decidedAt),
  decided_by: diagnosis.decidedBy ?? null,
  reject_reason: diagnosis.rejectReason ?? null,
  severity_opinion: diagnosis.severityOpinion ?? null,
  origin: originJson(diagnosis.origin ?? {}),
});

const originJson = (given: Origin): z.infer<typeof origin> => ({
  model: given.model ?? null,
  awaiting: given.awaiting ?? false,
  shortfall: given.shortfall ?? null,
  said: given.said ?? null,
  cached_at: isoOrNull(given.cachedAt),
  tokens_in: given.tokensIn ?? null,
  tokens_out: given.tokensOut ?? null,
  latency_ms: given.latencyMs ?? null,
  repaired: given.repaired ?? false,
  struck: given.struck ?? 0,
  redacted: given.redacted ?? 0,
});
