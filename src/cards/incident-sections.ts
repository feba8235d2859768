import type { Diagnosis, Evidence } from '../diagnose/diagnosis.ts';
import type { AlertRow } from '../incident/alert.ts';
import type { Block, Inline, Rich } from './card.ts';
import type { EpochMs } from '../types.ts';
import { clean } from './clean.ts';
import { linkButton } from './links.ts';
import { dotted, gap, line, piece } from './rich.ts';
import { texts } from './texts/texts.ts';
import { formatNear } from './time.ts';
import { isDecision, timelineLine } from './timeline-line.ts';
import type { CardContext, IncidentView } from './view.ts';

const MAX_EVIDENCE = 8;
const MAX_CHARTS = 2;
const MAX_LINKS = 4;
const MAX_ALERTS = 8;
const MAX_LABELS = 12;
const MAX_ENTRIES = 6;

/** What the diagnosis rests on, folded: each piece under the id that the causes cite. */
export function evidenceSection(
  { diagnosis }: Pick<IncidentView, 'diagnosis'>,
  context: CardContext,
): readonly Block[] {
  if (diagnosis === undefined || diagnosis.status === 'pending' || diagnosis.evidence.length === 0) return [];
  const { evidence: all, createdAt } = diagnosis;
  const t = texts(context.locale);
  const shown = citedFirst(diagnosis).slice(0, MAX_EVIDENCE);
  const items = [
    ...shown.map((evidence) => evidenceLine(evidence, createdAt, context)),
    ...rest(all.length - MAX_EVIDENCE, context),
  ];
  const blocks = [{ kind: 'list', ordered: false, items } as const, ...charts(shown), ...evidenceLinks(shown)];
  return [{ kind: 'section', title: t.card.evidence(all.length), collapsed: true, blocks }];
}

/** What the causes rest on first, then what could not be looked up, then the rest; else in the order of their ids. */
function citedFirst(diagnosis: Diagnosis | undefined): readonly Evidence[] {
  const cited = new Set(diagnosis?.causes.flatMap(({ evidenceIds }) => evidenceIds));
  const rank = ({ id, failed }: Evidence): number => (cited.has(id) ? 0 : failed === true ? 1 : 2);
  return (diagnosis?.evidence ?? []).toSorted((a, b) => rank(a) - rank(b));
}

const charts = (shown: readonly Evidence[]): readonly Block[] =>
  shown
    .filter(({ series = [] }) => series.some(({ points }) => points.length > 1))
    .slice(0, MAX_CHARTS)
    .map(({ id, title, series = [] }) => ({ kind: 'chart', title: `${clean(id, 8)} ${clean(title, 80)}`, series }));

/** Addresses of our own configuration; the host stands on the button. */
function evidenceLinks(shown: readonly Evidence[]): readonly Block[] {
  const links = shown.flatMap(
    ({ id, source, url }) => linkButton(`${clean(id, 8)} ${clean(source, 20)}`, url ?? '') ?? [],
  );
  return links.length === 0 ? [] : [{ kind: 'links', links: links.slice(0, MAX_LINKS) }];
}

function evidenceLine(evidence: Evidence, madeAt: EpochMs, { locale, timezone }: CardContext): Rich {
  const { query: asked, source } = evidence;
  // A rule's title says all there is to say of it.
  const query: readonly Inline[] = asked === undefined || source === 'rule' ? [] : [gap(' '), piece(asked, 'code', 72)];
  const text = source === 'rule' ? [] : line(readable(evidence.text, madeAt, timezone), 'muted', 240);
  const failed = evidence.failed === true ? [piece(`[${texts(locale).card.notAnswered}]`, 'bold'), gap(' ')] : [];
  return [
    piece(evidence.id, 'bold', 8),
    gap(' '),
    ...failed,
    ...dotted([piece(evidence.title, undefined, 120), ...query], text),
  ];
}

const MOST_READ = 2000;
const STAMP = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g;

/** Lines stand apart on one, and our own times are the card's: only what is quoted, behind `>`, stays as it was. */
const readable = (text: string, madeAt: EpochMs, timezone: string): string =>
  text
    .slice(0, MOST_READ)
    .split('\n')
    .map((said) => (said.startsWith('>') ? said.slice(1) : said.replaceAll(STAMP, (at) => near(at, madeAt, timezone))))
    .map((said) => said.trim())
    .filter((said) => said !== '')
    .join(' · ');

const near = (stamp: string, madeAt: EpochMs, timezone: string): string => {
  const at = Date.parse(stamp);
  return Number.isNaN(at) ? stamp : formatNear(at, madeAt, timezone);
};

/** Folded: the alerts when there are several, and the labels they share. */
export function alertSection({ incident, alerts }: IncidentView, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const labels = Object.entries(incident.labels)
    .slice(0, MAX_LABELS)
    .map(([name, value]) => [piece(`${name}=${value}`, 'code', 120)]);
  const several: readonly Block[] =
    incident.alertsCount > 1 && alerts.length > 0 ? [{ kind: 'list', ordered: false, items: alertLines() }] : [];
  const shared: readonly Block[] =
    labels.length > 0
      ? [
          { kind: 'text', text: line(t.card.labels, 'muted') },
          { kind: 'list', ordered: false, items: labels },
        ]
      : [];
  if (several.length + shared.length === 0) return [];
  const title = t.card.alertList(incident.alertsCount);
  return [{ kind: 'section', title, collapsed: true, blocks: [...several, ...shared] }];

  function alertLines(): readonly Rich[] {
    const shown = alerts.slice(0, MAX_ALERTS);
    return [
      ...shown.map((alert) => alertLine(alert, incident.openedAt, incident.labels, context)),
      ...rest(incident.alertsCount - shown.length, context),
    ];
  }
}

/** What tells this alert from the others: its state, its start and the labels the others do not share. */
function alertLine(
  alert: AlertRow,
  openedAt: number,
  shared: Readonly<Record<string, string>>,
  context: CardContext,
): Rich {
  const t = texts(context.locale);
  const own = Object.entries(alert.labels)
    .filter(([name]) => !Object.hasOwn(shared, name))
    .slice(0, 3)
    .map(([name, value]) => `${clean(name, 40)}=${clean(value, 60)}`)
    .join(' ');
  const start = formatNear(alert.startsAt ?? alert.receivedAt, openedAt, context.timezone);
  const end = alert.resolvedAt === undefined ? '' : ` – ${formatNear(alert.resolvedAt, openedAt, context.timezone)}`;
  return dotted(
    [piece(t.alertStatus[alert.status], alert.status === 'firing' ? 'bold' : 'muted')],
    [piece(own === '' ? alert.title : own, undefined, 160)],
    line(`${start}${end}`, 'muted'),
  );
}

/** The tail of the story, oldest first; open while a person's decision is in it, since that is what the next one asks. */
export function timelineSection({ incident, timeline }: IncidentView, context: CardContext): readonly Block[] {
  const t = texts(context.locale);
  const tail = timeline.slice(0, MAX_ENTRIES).toReversed();
  if (tail.length === 0) return [];
  const items = tail.map((entry) => timelineLine(entry, incident.openedAt, context));
  const collapsed = incident.status === 'resolved' || !tail.some(isDecision);
  return [{ kind: 'section', title: t.card.timeline, collapsed, blocks: [{ kind: 'list', ordered: false, items }] }];
}

const rest = (n: number, context: CardContext): readonly Rich[] =>
  n > 0 ? [line(texts(context.locale).card.more(n), 'muted')] : [];
