import type { Diagnosis } from '../diagnose/diagnosis.ts';
import { answerCard } from './answer-card.ts';
import type { Card } from './card.ts';
import { diagnosisBlocks } from './incident-diagnosis.ts';
import { evidenceSection } from './incident-sections.ts';
import type { CardContext } from './view.ts';

/** What a text that belongs to no incident probably means; nothing here can be pressed, since nothing is stored. */
export function diagnosisCard(title: string, diagnosis: Diagnosis, context: CardContext): Card {
  const view = { diagnosis, hints: [], incident: { status: 'open', openedAt: diagnosis.createdAt } } as const;
  return answerCard({ title, blocks: [...diagnosisBlocks(view, context), ...evidenceSection(view, context)] }, context);
}
