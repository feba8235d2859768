import { z } from 'zod';
import { clean } from '../cards/clean.ts';
import { foundRunbooksCard, runbookListCard } from '../cards/runbook-cards.ts';
import { operationTexts } from '../cards/texts/operations.ts';
import { done } from './answers.ts';
import type { Context, Operation, Outcome } from './operation.ts';
import type { OperationPorts } from './ports.ts';

const Input = z.object({ words: z.string().max(500).default('') });

const SHOWN = 3;

/** Looks into the runbooks; without words it lists them. */
export const runbook: Operation<z.infer<typeof Input>> = {
  name: 'runbook',
  right: 'reader',
  input: Input,
  reads: true,
  chat: {
    slash: 'runbook',
    chinese: '手册',
    usage: { 'zh-CN': '/runbook 关键词', 'en-US': '/runbook words' },
    example: '/runbook disk full',
    help: { 'zh-CN': '查找手册', 'en-US': 'Search runbooks' },
    takes: 'words',
    parse: (_words, rest) => ({ words: rest.trim().slice(0, 500) }),
  },
  run: ({ words }, context, ports) => (words.trim() === '' ? listed(context, ports) : searched(words, context, ports)),
};

async function listed(context: Context, { runbooks, publicUrl }: OperationPorts): Promise<Outcome> {
  const t = operationTexts(context.locale).runbooks;
  const all = (await runbooks.list()).map(({ id, title, path }) => ({ id, title, path }));
  if (all.length === 0) return done(t.empty(runbooks.folder), { data: { runbooks: [] } });
  return done(t.all(all.length), { data: { runbooks: all }, card: runbookListCard(all, { ...context, publicUrl }) });
}

async function searched(words: string, context: Context, { runbooks, publicUrl }: OperationPorts): Promise<Outcome> {
  const t = operationTexts(context.locale).runbooks;
  const said = clean(words, 60);
  const found = (await runbooks.search(words, SHOWN)).map(({ runbook: { id, title, path }, section, excerpt }) => ({
    id,
    title,
    path,
    heading: section?.heading ?? '',
    excerpt,
  }));
  if (found.length === 0) {
    const isEmpty = (await runbooks.list()).length === 0;
    return done(isEmpty ? t.empty(runbooks.folder) : t.none(said, runbooks.folder), { data: { runbooks: [] } });
  }
  const brief = t.found(said, found.length);
  return done(brief, { data: { runbooks: found }, card: foundRunbooksCard(found, brief, { ...context, publicUrl }) });
}
