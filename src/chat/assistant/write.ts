import { setTimeout as sleep } from 'node:timers/promises';
import type { Card } from '../../cards/card.ts';
import { type Written, writtenCard } from '../../cards/written-card.ts';
import type { Answered, Conversation, Inquiry, Progress } from '../../diagnose/assistant/ports.ts';
import type { DueWork } from '../../jobs/ports.ts';
import { type Log, withTrace } from '../../telemetry/log.ts';
import type { Clock, EpochMs } from '../../types.ts';
import type { Answers, Ending, Question } from './ports.ts';

export interface WriteDeps {
  readonly answers: Answers;
  readonly answer: (
    inquiry: Inquiry,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ) => Promise<Answered>;
  readonly conversation: (id: string, now: EpochMs, since?: EpochMs) => Promise<Conversation>;
  /** A person as providers may know one: opaque, always the same. */
  readonly subjectOf: (personId: string) => string;
  /** Takes secrets out of what is remembered. */
  readonly redact: (text: string) => string;
  /** Between two states shown in this channel, ms; undefined where only the last one is. */
  readonly paceMs: (channel: string) => number | undefined;
  /** Of a whole answer, with all it looks up, ms. */
  readonly deadlineMs: () => number;
  readonly clock: Clock;
  readonly log: Log;
  /** How often it is looked whether somebody said stop, ms. */
  readonly lookMs?: number;
}

const LOOK_MS = 500;
const BUSY_MS = 250;
/** Tries of one answer; it may be what kills us. */
const MOST_TRIES = 3;

/** Writes the answer of one question: shows it growing, stops when told to, ends with the whole. Survives us as a due-row. */
export function createWrite(deps: WriteDeps) {
  return async (work: DueWork, signal: AbortSignal): Promise<void> => {
    const question: Question = JSON.parse(work.payload ?? '');
    await withTrace({ trace_id: question.traceId }, () => write(deps, work, question, signal));
  };
}

async function write(deps: WriteDeps, work: DueWork, question: Question, signal: AbortSignal): Promise<void> {
  if (work.attempts > MOST_TRIES)
    return finish(deps, work, endingOf(question, '', { kind: 'none', why: 'gave_up' }), signal);
  const before = await deps.conversation(question.conversation, deps.clock.now(), question.since);
  const stop = new AbortController();
  const late = AbortSignal.timeout(deps.deadlineMs());
  const over = new AbortController();
  let last: Progress = { text: () => '' };
  const watching = watch(deps, question, () => last, stop, over.signal);
  try {
    const both = AbortSignal.any([signal, stop.signal, late]);
    const inquiry = inquiryOf(deps, question, before);
    const answered = await deps.answer(inquiry, (progress) => void (last = progress), both);
    over.abort();
    await watching;
    await finish(deps, work, endingWith(deps, question, answered), signal);
  } catch (err) {
    const ending = signal.aborted ? undefined : cutShort(question, last.text(), stop.signal, late);
    if (ending === undefined) throw err;
    deps.log.info({ action: 'answer_cut_short', question: question.id, err }, 'an answer was not written to its end');
    await finish(deps, work, ending, signal);
  } finally {
    over.abort();
    await watching;
  }
}

/** Somebody wanted no more of it, or it took too long. */
function cutShort(question: Question, text: string, stop: AbortSignal, late: AbortSignal): Ending | undefined {
  if (stop.aborted) return endingOf(question, text, { kind: 'stopped', by: String(stop.reason) });
  return late.aborted ? endingOf(question, text, { kind: 'none', why: 'timeout' }) : undefined;
}

const inquiryOf = ({ subjectOf }: WriteDeps, question: Question, conversation: Conversation): Inquiry => ({
  text: question.text,
  conversation,
  ...(question.incidentId === undefined ? {} : { incidentId: question.incidentId }),
  subject: subjectOf(question.asker.id),
  person: question.asker,
  locale: question.locale,
  timezone: question.timezone,
});

/** Shows how far it is at the channel's pace, and looks whether it is still wanted. Never rejects. */
async function watch(
  deps: WriteDeps,
  question: Question,
  latest: () => Progress,
  stop: AbortController,
  over: AbortSignal,
): Promise<void> {
  const paceMs = deps.paceMs(question.channel);
  let shown = '';
  let shownAt = performance.now();
  while (!over.aborted && !stop.signal.aborted) {
    try {
      await sleep(Math.min(deps.lookMs ?? LOOK_MS, paceMs ?? LOOK_MS), undefined, { signal: over }); // oxlint-disable-line no-await-in-loop -- a clock
      const by = await deps.answers.stopped(question.id); // oxlint-disable-line no-await-in-loop -- one after another
      if (by !== undefined) return stop.abort(by);
      if (paceMs === undefined || performance.now() - shownAt < paceMs) continue;
      const card = growing(question, latest());
      const state = JSON.stringify(card);
      if (state === shown) continue;
      if (!(await deps.answers.grow(question, card, deps.clock.now()))) continue; // oxlint-disable-line no-await-in-loop -- one after another
      shown = state;
      shownAt = performance.now();
    } catch (err) {
      if (over.aborted) return;
      deps.log.warn({ action: 'answer_not_shown', question: question.id, err }, 'an answer could not be shown growing');
    }
  }
}

const growing = (question: Question, { text, looking = [] }: Progress): Card =>
  cardOf(question, text(), { kind: 'growing', looking });

const cardOf = ({ text: question, locale }: Question, text: string, state: Written['state']): Card =>
  writtenCard({ question, locale, text, state });

const endingOf = (question: Question, text: string, state: Written['state']): Ending => ({
  question,
  card: cardOf(question, text, state),
});

function endingWith({ redact, clock }: WriteDeps, question: Question, answered: Answered): Ending {
  if (answered.kind === 'none') return endingOf(question, '', { kind: 'none', why: answered.shortfall });
  const { text, provider, cited, incidentId, remote } = answered;
  const turns = [
    { by: 'person', text: redact(question.text), at: question.askedAt },
    { by: 'bot', text, at: clock.now() },
  ] as const;
  return {
    ...endingOf(question, text, { kind: 'complete', provider, cited }),
    ...(incidentId === undefined ? {} : { incidentId }),
    remember: { turns, ...(remote === undefined ? {} : { remote }) },
  };
}

/** A state that is just being shown is waited for; its call has a deadline. */
async function finish(
  { answers, clock }: WriteDeps,
  work: DueWork,
  ending: Ending,
  signal: AbortSignal,
): Promise<void> {
  while ((await answers.finish(work, ending, clock.now())) === 'busy') await sleep(BUSY_MS, undefined, { signal }); // oxlint-disable-line no-await-in-loop -- waits
}
