import type { Diagnosis } from '../diagnose/diagnosis.ts';
import type { Block, Rich } from './card.ts';
import { clean } from './clean.ts';
import { gap, line } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatNear } from './time.ts';
import type { CardContext, IncidentView } from './view.ts';

type Of = Pick<IncidentView['incident'], 'status' | 'openedAt'> & Partial<Pick<IncidentView['incident'], 'severity'>>;

const LONGEST_SAID = 800;

/** Who made a diagnosis and when, what of it is less than was hoped for, and what a model said that had no form. */
export function diagnosisOrigin(diagnosis: Diagnosis, incident: Of, context: CardContext): readonly Block[] {
  const { status, origin = {} } = diagnosis;
  if (status !== 'ready' && status !== 'inconclusive' && status !== 'not_an_issue') return [];
  const t = texts(context.locale);
  const { severityOpinion: opinion } = diagnosis;
  const remarks = [
    madeBy(diagnosis, incident, context),
    ...(opinion === undefined || opinion === incident.severity ? [] : [line(t.card.opinion(t.severity[opinion]))]),
    ...(origin.awaiting === true && incident.status !== 'resolved' ? [line(t.card.awaiting)] : []),
    ...(origin.shortfall === undefined ? [] : [line(t.shortfall[origin.shortfall])]),
    ...((origin.struck ?? 0) > 0 ? [line(t.card.struck(origin.struck ?? 0))] : []),
  ];
  const stop = context.locale === 'zh-CN' ? '。' : '. ';
  const text = remarks.flatMap((remark, index): Rich => [
    ...(index === 0 ? [] : [gap(index === 1 ? stop : ' ')]),
    ...remark,
  ]);
  return [...said(diagnosis, context), { kind: 'note', text }];
}

function madeBy({ provider, createdAt, origin }: Diagnosis, { openedAt }: Of, context: CardContext): Rich {
  const t = texts(context.locale);
  const near = (at: number): string => formatNear(at, openedAt, context.timezone);
  const name = clean(provider, 40);
  const model = origin?.model === undefined ? '' : clean(origin.model, 40);
  const by = model === '' || model === name ? name : `${name} (${model})`;
  return line(
    origin?.cachedAt === undefined
      ? t.card.provider(by, near(createdAt))
      : t.card.providerBefore(by, near(origin.cachedAt)),
  );
}

/** A model's words that could not be read as a diagnosis: plain, folded, and marked as what they are. */
function said({ origin }: Diagnosis, { locale }: CardContext): readonly Block[] {
  const words = clean(origin?.said ?? '', LONGEST_SAID);
  if (words === '') return [];
  const title = texts(locale).card.unstructured;
  return [
    { kind: 'section', title, collapsed: true, blocks: [{ kind: 'text', text: line(words, undefined, LONGEST_SAID) }] },
  ];
}
