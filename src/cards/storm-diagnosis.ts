import type { Block } from './card.ts';
import { clean } from './clean.ts';
import { diagnosisOrigin } from './diagnosis-origin.ts';
import { firstCause } from './incident-diagnosis.ts';
import { evidenceSection } from './incident-sections.ts';
import { line } from './rich.ts';
import { texts } from './texts/texts.ts';
import type { CardContext, StormView } from './view.ts';

/** The one diagnosis of all that is in a storm, short: what they share, what that probably means, on what grounds. */
export function stormDiagnosis(view: StormView, context: CardContext): readonly Block[] {
  const { diagnosis, startedAt: openedAt, byStatus } = view;
  if (diagnosis === undefined) return [];
  const t = texts(context.locale);
  const status = byStatus.open + byStatus.acknowledged > 0 ? 'open' : 'resolved';
  return [
    { kind: 'text', text: line(t.storm.together, 'bold') },
    { kind: 'text', text: line(clean(diagnosis.summary, 400)) },
    ...firstCause(diagnosis, context),
    ...diagnosisOrigin(diagnosis, { status, openedAt }, context),
    ...evidenceSection(view, context),
  ];
}
