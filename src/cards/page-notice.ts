import type { PageFault } from '../errors.ts';
import type { PageStep } from '../incident/paging.ts';
import type { Inline, Rich } from './card.ts';
import { dotted, gap, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import type { CardContext } from './view.ts';

/** Why a page reached nobody; what is no `PageFault` we found ourselves. */
export interface PageTrouble {
  readonly fault: PageFault | 'nobody' | 'no_card' | 'gone' | 'unknown' | 'other';
  /** The platform's own words. */
  readonly detail?: string;
  /** The permission that is missing. */
  readonly needs?: string;
}

export interface PageNotice {
  readonly step: PageStep;
  readonly trouble: PageTrouble;
  /** Names of those who could not be reached while others were. */
  readonly refused: readonly string[];
  /** Called by this message instead. */
  readonly mentions: readonly { readonly id: string; readonly name: string }[];
}

/** What did not work about a page, what somebody can do about it, and the people it was meant for. */
export function pageNotice({ step, trouble, refused, mentions }: PageNotice, context: CardContext): Rich {
  const { paging } = texts(context.locale);
  const { fault, detail, needs } = trouble;
  const what =
    refused.length > 0
      ? paging.notReached(refused, paging.by[step])
      : paging.failed(paging.by[step], paging.fault[fault]);
  const advice = paging.advice[fault](needs ?? '');
  const people = mentions.flatMap((mention): readonly Inline[] => [gap(' '), { mention }]);
  return [
    ...dotted(
      [piece(what, 'bold', 200)],
      line(advice),
      detail === undefined || refused.length > 0 ? [] : line(detail, 'muted', 300),
    ),
    ...people,
  ];
}
