import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { decodeBody } from '../ingest/decode.ts';
import { type Ingested, ingest } from '../ingest/ingest.ts';
import type { AlertProof, Proof } from './alert-proof.ts';
import { type AlertAddress, sourceOf } from './alert-routes.ts';
import { answer } from './answer.ts';
import { BODIES_LIMIT, BODY_LIMIT, type ReadBody, createBodyReader } from './body.ts';
import { InvalidAlerts } from './errors.ts';
import type { HttpDeps } from './ports.ts';
import { type ReadPacked, createPackedReader } from './unpacking.ts';

/** Takes one request with alerts: proof, body, parse, commit, answer. Rejects with what `errors.ts` maps. */
export type AlertEntrance = (
  req: IncomingMessage,
  res: ServerResponse,
  address: AlertAddress,
  traceId: string,
) => Promise<void>;

/** Stands before the router: a router's work per request is half of what taking one alert costs. */
export function createAlertEntrance(deps: HttpDeps, proof: AlertProof): AlertEntrance {
  const record = createRecorder(deps);
  const readBody = createBodyReader(BODY_LIMIT, BODIES_LIMIT);
  const readPacked = createPackedReader(BODY_LIMIT);

  return async (req, res, { sourceName, integrationName }, traceId) => {
    const startedAt = performance.now();
    const known = integrationName === undefined ? undefined : await deps.findIntegration(integrationName);
    const proven = integrationName === undefined ? proof.shared(req) : proof.named(req, known);
    const named = sourceOf(sourceName ?? known?.source);
    const raw = await readProven(req, proven, readBody);
    if (known !== undefined) deps.integrationUsed?.(known.name);
    const receivedAt = deps.clock.now();
    const ingested = ingest(await bodyOf(req, raw, readPacked), {
      headers: req.headers,
      integration: known?.name ?? 'default',
      source: named,
      now: receivedAt,
      botIds: deps.config.ALERT_BOT_IDS,
    });
    refuseBroken(ingested);
    const { alerts, chatId } = ingested;
    const targetId = chatId === undefined ? undefined : await deps.findTarget(chatId);
    const { incidents } =
      alerts.length === 0
        ? NOTHING
        : await deps.accept({
            alerts,
            receivedAt,
            digest: hash('sha256', raw, 'base64url'),
            traceId,
            ...(targetId === undefined ? {} : { targetId }),
          });
    record(ingested, known?.name ?? 'default', incidents.length, performance.now() - startedAt);
    answer(res, ingested.source.name === 'unknown' ? 202 : 200, `accepted ${alerts.length}`, {
      accepted: alerts.length,
      incidents,
      ignored: ingested.ignored.map(({ index, reason }) => ({ index, reason })),
      ...(chatId !== undefined && targetId === undefined ? { notes: [noTarget(chatId)] } : {}),
    });
  };
}

const NOTHING = { incidents: [] };

const noTarget = (chatId: string): string =>
  `chat_id "${chatId.slice(0, 100)}" is no known target, so the usual routes apply; say /bind in that chat, or POST it to /api/v1/targets.`;

async function readProven(req: IncomingMessage, proven: Proof, readBody: ReadBody): Promise<Buffer> {
  const raw = await readBody(req);
  if (proven !== 'proven') proven(raw);
  return raw;
}

function bodyOf(req: IncomingMessage, raw: Buffer, readPacked: ReadPacked): unknown {
  const { 'content-encoding': encoding, 'content-type': contentType } = req.headers;
  if (encoding === undefined || encoding === 'identity') return decodeBody(raw, contentType);
  return readPacked(raw, encoding, contentType);
}

const SHOWN_REASONS = 5;

/** A body of a known format in which nothing can be read is the sender's fault, and worth more than a silent 200. */
function refuseBroken({ source, alerts, ignored }: Ingested): void {
  if (alerts.length > 0 || source.name === 'unknown' || !ignored.some((item) => item.malformed)) return;
  const reasons = ignored.slice(0, SHOWN_REASONS).map(({ index, reason }) => `#${index}: ${reason}`);
  throw new InvalidAlerts(`No alert in this ${source.name} body can be read: ${reasons.join('; ')}`);
}

/** One log line and the counters of a request. */
function createRecorder({ log, metrics }: HttpDeps) {
  return ({ source, alerts, ignored }: Ingested, integration: string, incidents: number, ms: number): void => {
    let firing = 0;
    for (const { status } of alerts) if (status === 'firing') firing += 1;
    if (firing > 0) metrics.alertsReceived.inc({ source: source.name, status: 'firing' }, firing);
    const resolved = alerts.length - firing;
    if (resolved > 0) metrics.alertsReceived.inc({ source: source.name, status: 'resolved' }, resolved);
    metrics.ingestDuration.observe(ms / 1000);
    const counts = { source: source.name, integration, firing, resolved, incidents, ignored: ignored.length };
    const reasons =
      ignored.length === 0 ? {} : { reasons: ignored.slice(0, SHOWN_REASONS).map(({ reason }) => reason) };
    log.info({ action: 'alert_received', ...counts, ...reasons, ms: Math.round(ms * 10) / 10 }, 'alerts received');
  };
}
