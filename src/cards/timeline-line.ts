import { type TimelineEntry, type TimelineKind, SYSTEM } from '../incident/incident.ts';
import type { EpochMs } from '../types.ts';
import type { Rich } from './card.ts';
import { clean } from './clean.ts';
import { gap, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { wordOf } from './texts/word-of.ts';
import { formatNear } from './time.ts';
import type { CardContext } from './view.ts';

/** Facts that hold a time and are shown as one. */
const TIMES: readonly string[] = ['until'];

/** True for what a person did, false for what happened by itself. */
export const isDecision = ({ actor }: TimelineEntry): boolean => actor.id !== SYSTEM.id;

/** `03:04:05 张三 认领`: the time relative to `reference`, the person unless it was nobody, what happened. */
export function timelineLine(entry: TimelineEntry, reference: EpochMs, context: CardContext): Rich {
  const who = isDecision(entry) ? [piece(entry.actor.name, 'bold', 40), gap(' ')] : [];
  return [
    piece(formatNear(entry.at, reference, context.timezone), 'muted'),
    gap(' '),
    ...who,
    piece(sentence(entry, reference, context), undefined, 240),
  ];
}

function sentence(entry: TimelineEntry, reference: EpochMs, context: CardContext): string {
  const t = texts(context.locale);
  if (entry.kind === 'resolved' && entry.data['reason'] === 'expired') return t.card.expired;
  if (entry.kind === 'resolved' && !isDecision(entry)) return t.timeline.recovered();
  if (entry.kind === 'unsilenced' && !isDecision(entry)) return t.timeline.silenceOver();
  if (entry.kind === 'diagnosis' && entry.data['status'] === 'pending') return t.timeline.rediagnosed();
  const said = Object.entries(entry.data)
    // That a diagnosis is ready goes without saying; anything else about it is said.
    .filter(([name, value]) => value !== 0 && value !== '' && !(name === 'status' && value === 'ready'))
    .map(([name, value]) => [name, clean(factText(entry.kind, name, value), 200)]);
  return t.timeline[entry.kind](Object.fromEntries(said));

  function factText(kind: TimelineKind, name: string, value: string | number): string {
    if (typeof value === 'number') {
      return TIMES.includes(name) ? formatNear(value, reference, context.timezone) : String(value);
    }
    if (name === 'shortfall') return wordOf(t.shortfall, value);
    if (kind === 'severity') return wordOf(t.severity, value);
    return kind === 'diagnosis' && name === 'status' ? wordOf(t.diagnosisStatus, value) : value;
  }
}
