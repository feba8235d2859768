import { z } from 'zod';
import type { TimelineEntry } from '../../../incident/incident.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { alertEvidence } from '../../evidence/alert.ts';
import type { Finding } from '../../evidence/source.ts';
import { similarEvidence } from '../../evidence/similar.ts';
import { isoOf, oneLine } from '../../prompting/plain.ts';
import { findSimilar } from '../../similar.ts';
import { tokensIn } from '../../tokens.ts';
import { changeFindings, incidentLine, runbookFindings } from '../findings.ts';
import type { Library } from '../ports.ts';
import { type Tool, type ToolContext, thing, toolOf, words } from './tool.ts';

const MOST = 20;
const MOST_LINES = 30;

/** What our own records tell: incidents, their stories, changes, runbooks, what was learned. */
export const recordTools = (library: Library, context: ToolContext): readonly Tool[] => [
  listTool(library, context),
  readTool(library, context),
  pastTool(library, context),
  changesTool(library, context),
  runbooksTool(library, context),
];

const listTool = (library: Library, { now }: ToolContext): Tool =>
  toolOf(
    'list_incidents',
    'Open incidents, the worst first; with words, those of any status that have them, latest first.',
    z.object({ words: words.optional() }),
    async ({ words: said }) => {
      const found = said === undefined ? await library.open(MOST) : await library.find(said, MOST);
      const text = found.length === 0 ? 'none' : found.map(incidentLine).join('\n');
      return [{ source: 'incident', title: 'Incidents', text, at: now }];
    },
  );

const Id = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^INC-\d{8}-\d{3,9}$/);

const readTool = (library: Library, { now, locale }: ToolContext): Tool =>
  toolOf(
    'read_incident',
    'One incident: its alerts, its diagnosis and its story.',
    z.object({ id: Id.describe('INC-YYYYMMDD-NNN') }),
    async ({ id }) => {
      const facts = await library.facts(id);
      if (facts === undefined) return [{ source: 'incident', title: id, text: 'There is no such incident.', at: now }];
      const [diagnosis, story] = await Promise.all([library.diagnosis(id), library.timeline(id, MOST_LINES)]);
      const told = [incidentLine(facts.incident), ...diagnosisWords(diagnosis), ...story.map(storyLine)];
      const own: Finding = { source: 'incident', title: id, query: id, text: told.join('\n'), at: now };
      return [own, ...alertEvidence(facts.alerts, locale), ...evidenceOf(diagnosis)];
    },
  );

const evidenceOf = (diagnosis: Diagnosis | undefined): readonly Finding[] =>
  (diagnosis?.evidence ?? [])
    .filter(({ source }) => source !== 'alert')
    .toSorted((a, b) => (b.relevance ?? 0.5) - (a.relevance ?? 0.5))
    .slice(0, 8)
    .map(({ id: _id, ...finding }) => finding);

const diagnosisWords = (diagnosis: Diagnosis | undefined): readonly string[] =>
  diagnosis === undefined
    ? []
    : [
        `diagnosis (${diagnosis.status}, by ${diagnosis.provider}): ${oneLine(diagnosis.summary, 400)}`,
        ...diagnosis.causes.slice(0, 5).map((cause) => `- ${oneLine(cause.statement, 240)} (${cause.confidence})`),
      ];

const storyLine = ({ at, kind, actor, data }: TimelineEntry): string =>
  `${isoOf(at)} ${kind} by ${oneLine(actor.name, 40)} ${oneLine(JSON.stringify(data), 240)}`;

const pastTool = (library: Library, { locale }: ToolContext): Tool =>
  toolOf(
    'search_past_incidents',
    'Closed incidents that are like these words, and what people said they were.',
    z.object({ words }),
    async ({ words: said }) => similarEvidence(await findSimilar(library.past, tokensIn(said, 60), '', ''), locale),
  );

const changesTool = (library: Library, { now, locale }: ToolContext): Tool =>
  toolOf(
    'recent_changes',
    'Releases, configuration changes and migrations, newest first.',
    z.object({ service: thing.optional(), hours: z.number().int().min(1).max(24).default(6) }),
    async ({ service, hours }) => {
      const found = await library.changes(now - hours * 3_600_000, now, 200);
      const wanted = found.filter((change) => service === undefined || change.service === service);
      const none: Finding = { source: 'changes', title: `${hours} h`, text: 'No change was reported.', at: now };
      return wanted.length === 0 ? [none] : changeFindings(wanted.slice(0, MOST), locale);
    },
  );

const runbooksTool = (library: Library, { now }: ToolContext): Tool =>
  toolOf('search_runbooks', 'What the runbooks of this team say.', z.object({ words }), async ({ words: said }) =>
    runbookFindings(await library.runbooks(said, 3), now),
  );
