import type { IncomingHttpHeaders } from 'node:http';
import type { Alert } from '../incident/alert.ts';
import { severityOf } from '../incident/severity.ts';
import { detect } from './detect.ts';
import { firstText } from './fields.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { AlertSource, Draft, Ignored, ParseContext } from './source.ts';
import { ANNOTATION_LENGTH, bounded, oneLine } from './text.ts';

const TITLE_LENGTH = 300;
const FINGERPRINT_LENGTH = 256;

export interface IngestContext extends ParseContext {
  readonly headers: IncomingHttpHeaders;
  /** Name of the integration that vouches for the sender, `default` for the shared credentials. */
  readonly integration: string;
  /** The format, when the address or the integration names it. */
  readonly source?: AlertSource | undefined;
}

export interface Ingested {
  readonly source: AlertSource;
  readonly alerts: readonly Alert[];
  readonly ignored: readonly Ignored[];
  readonly chatId?: string | undefined;
}

/** Turns a decoded body into alerts. Never throws, whatever the body. */
export function ingest(body: unknown, context: IngestContext): Ingested {
  const source = context.source ?? detect(body, context.headers);
  const { alerts, ignored, chatId } = source.parse(body, context);
  return {
    source,
    alerts: alerts.map((draft) => finish(draft, source.name, context.integration)),
    ignored,
    ...(chatId === undefined ? {} : { chatId }),
  };
}

/** Bounds and cleans what a source has read; the only place where an `Alert` is made. */
export function finish(draft: Draft, source: string, integration: string): Alert {
  const word = firstText(draft.severity);
  const title = oneLine(firstText(draft.title, draft.summary) ?? '', TITLE_LENGTH);
  return {
    integration,
    source,
    status: draft.status,
    fingerprint: identityOf(draft),
    title: title === '' ? `${source} alert` : title,
    summary: bounded(draft.summary ?? '', ANNOTATION_LENGTH),
    severity: (word === undefined ? draft.assumedSeverity : severityOf(word, source)) ?? 'warning',
    ...(word === undefined ? {} : { severityRaw: oneLine(word, 64) }),
    labels: draft.labels,
    annotations: draft.annotations,
    ...(draft.groupLabels === undefined ? {} : { groupLabels: draft.groupLabels }),
    ...(draft.startsAt === undefined ? {} : { startsAt: draft.startsAt }),
    ...(draft.endsAt === undefined ? {} : { endsAt: draft.endsAt }),
    links: draft.links,
  };
}

/** The sender's own identity; hashed when too long, so that two that differ late stay two. */
function identityOf({ fingerprint, identity, labels, title }: Draft): string {
  if (fingerprint !== undefined) {
    const own = oneLine(fingerprint, FINGERPRINT_LENGTH);
    if (own !== '' && fingerprint.length <= FINGERPRINT_LENGTH) return own;
    return fingerprintOf({ fingerprint });
  }
  const parts = identity ?? labels;
  for (const name in parts) if (parts[name] !== '') return fingerprintOf(parts);
  return fingerprintOf({ title: title ?? '' });
}
