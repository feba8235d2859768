import type { Cause, Diagnosis, Step } from '../diagnose/diagnosis.ts';
import type { EpochMs } from '../types.ts';
import type { Block, Inline, Rich } from './card.ts';
import { clean, cleanCommand } from './clean.ts';
import { diagnosisOrigin } from './diagnosis-origin.ts';
import { dotted, gap, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatNear } from './time.ts';
import type { CardContext, IncidentView } from './view.ts';

const MAX_CAUSES = 3;
const MAX_STEPS = 5;
const MAX_HINTS = 3;

/** What a diagnosis is shown of: an incident, or just a text somebody asked about. */
export interface Diagnosed extends Pick<IncidentView, 'diagnosis' | 'hints'> {
  readonly incident: Pick<IncidentView['incident'], 'status' | 'openedAt'>;
}

/** What is probably wrong, how sure that is and why, what people said about it, and what to do next. */
export function diagnosisBlocks(view: Diagnosed, context: CardContext): readonly Block[] {
  const { diagnosis } = view;
  if (diagnosis === undefined || diagnosis.status === 'pending') return beforehand(view, context);
  return [
    ...finding(diagnosis, context),
    ...verdict(diagnosis, view.incident.openedAt, context),
    // Once it is over there is nothing left to do, and a rejected diagnosis has no advice to give.
    ...(view.incident.status === 'resolved' || diagnosis.status === 'rejected' ? [] : steps(diagnosis.steps, context)),
    ...diagnosisOrigin(diagnosis, view.incident, context),
  ];
}

/** The label rules' hints, and that more is coming when it is. */
function beforehand(view: Diagnosed, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const hints = view.hints.slice(0, MAX_HINTS).map((hint) => line(hint));
  const pending = view.diagnosis !== undefined && view.incident.status !== 'resolved';
  return [
    ...(hints.length === 0
      ? []
      : [
          { kind: 'text', text: line(t.card.hints, 'bold') } as const,
          { kind: 'list', ordered: false, items: hints } as const,
        ]),
    ...(pending ? [{ kind: 'note', text: line(t.card.diagnosing) } as const] : []),
  ];
}

function finding(diagnosis: Diagnosis, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const summary = clean(diagnosis.summary, 400);
  const said: readonly Block[] = summary === '' ? [] : [{ kind: 'text', text: line(summary) }];
  switch (diagnosis.status) {
    case 'inconclusive':
      return [{ kind: 'text', text: line(t.card.inconclusive, 'bold') }, ...said, ...causes(diagnosis, context)];
    case 'not_an_issue':
      return [{ kind: 'text', text: line(t.card.notAnIssue, 'bold') }, ...said];
    case 'failed':
      return [{ kind: 'text', text: line(t.card.failed, 'muted') }];
    case 'pending':
    case 'ready':
    case 'confirmed':
    case 'rejected':
      return diagnosis.causes.length === 0 ? said : [...causes(diagnosis, context), ...explanation(diagnosis)];
  }
  return diagnosis.status satisfies never;
}

/** The likeliest cause alone, with how sure it is and on what grounds. */
export function firstCause({ causes: [first], status }: Diagnosis, context: CardContext): readonly Block[] {
  if (first === undefined) return [];
  const lead = [piece(texts(context.locale).card.probably, 'muted'), gap(context.locale === 'zh-CN' ? '：' : ': ')];
  return [{ kind: 'text', text: [...lead, ...causeText(first, status === 'rejected' ? 'strike' : 'bold', context)] }];
}

/** How a model tells it; what the rules would say of the whole family helps nobody any more. */
const explanation = ({ provider, status, summary }: Diagnosis): readonly Block[] =>
  provider === 'rules' || status === 'rejected' || summary === ''
    ? []
    : [{ kind: 'text', text: line(clean(summary, 400), 'muted') }];

/** The likeliest cause stands alone, the next two below it. */
function causes(diagnosis: Diagnosis, context: CardContext): readonly Block[] {
  const { causes: all, status } = diagnosis;
  const t = texts(context.locale);
  const others = all.slice(1, MAX_CAUSES);
  // Confirmed or struck out, what else it might have been no longer helps anybody.
  const settled = status === 'rejected' || status === 'confirmed';
  return [
    ...firstCause(diagnosis, context),
    ...(settled || others.length === 0
      ? []
      : [
          { kind: 'text', text: line(t.card.otherCauses, 'muted') } as const,
          { kind: 'list', ordered: false, items: others.map((cause) => causeText(cause, undefined, context)) } as const,
        ]),
  ];
}

function causeText(cause: Cause, style: 'bold' | 'strike' | undefined, context: CardContext): Rich {
  const t = texts(context.locale);
  const seen = cause.seen ?? 0;
  const ids = cause.evidenceIds.slice(0, 6).map((id) => clean(id, 8));
  return dotted(
    [piece(cause.statement, style, 240)],
    cause.unverified === true ? line(t.card.unverified, 'muted') : [],
    line(t.card.sure(percent(cause.confidence))),
    seen > 0 ? line(t.card.experience(seen, cause.confirmed ?? 0), 'muted') : [],
    ids.length > 0 ? line(t.card.basedOn(ids.join(' ')), 'muted') : [],
  );
}

const percent = (confidence: number): number => Math.round(Math.min(1, Math.max(0, confidence)) * 100);

function verdict(diagnosis: Diagnosis, openedAt: EpochMs, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const { status, decidedAt, decidedBy, rejectReason, createdAt } = diagnosis;
  if (status !== 'confirmed' && status !== 'rejected') return [];
  const name = clean(decidedBy ?? t.card.someone, 40);
  const time = formatNear(decidedAt ?? createdAt, openedAt, context.timezone);
  const reason = clean(rejectReason ?? '', 240);
  const text =
    status === 'confirmed'
      ? line(t.card.confirmed(name, time), 'bold')
      : dotted(line(t.card.rejected(name, time), 'bold'), reason === '' ? [] : line(t.card.rejectedBecause(reason)));
  return [{ kind: 'text', text }];
}

function steps(all: readonly Step[], context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  if (all.length === 0) return [];
  return [
    { kind: 'text', text: line(t.card.steps, 'bold') },
    { kind: 'list', ordered: true, items: all.slice(0, MAX_STEPS).map((step) => stepText(step, context)) },
  ];
}

/** A safe step needs no word; the others say so before their text, where nobody misses it. */
function stepText(step: Step, context: CardContext): Rich {
  const t = texts(context.locale);
  const risk: readonly Inline[] =
    step.risk === 'safe'
      ? []
      : [piece(`[${t.risk[step.risk]}]`, step.risk === 'dangerous' ? 'bold' : 'muted'), gap(' ')];
  const command: readonly Inline[] =
    step.command === undefined ? [] : [gap(' '), { text: cleanCommand(step.command, 240), style: 'code' }];
  const runbook: readonly Inline[] =
    step.runbookId === undefined ? [] : [gap(' '), piece(`/runbook ${step.runbookId}`, 'code', 80)];
  return [...risk, piece(step.text, undefined, 240), ...command, ...runbook];
}
