import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { z } from 'zod';

/** The least that takes a signed alert body: raw bytes, HMAC, JSON, schema, 200. It keeps, logs and counts nothing. */
const Body = z.object({
  status: z.string(),
  groupLabels: z.record(z.string(), z.string()),
  commonLabels: z.record(z.string(), z.string()),
  externalURL: z.string(),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.record(z.string(), z.string()),
      startsAt: z.string(),
      endsAt: z.string(),
      generatorURL: z.string(),
    }),
  ),
});

const secret = process.env['ALERT_HMAC_SECRET'] ?? '';
const app = express();
app.disable('x-powered-by').disable('etag');
app.post('/api/alert', express.raw({ type: '*/*', limit: '10mb' }), (req, res) => {
  const raw = req.body as Buffer;
  const signature = Buffer.from(req.get('x-signature') ?? '', 'hex');
  const digest = createHmac('sha256', secret).update(raw).digest();
  if (signature.length !== digest.length || !timingSafeEqual(signature, digest)) {
    res.sendStatus(401);
    return;
  }
  const { alerts } = Body.parse(JSON.parse(raw.toString('utf8')));
  res.json({ code: 200, message: 'ok', data: { accepted: alerts.length }, timestamp: new Date().toISOString() });
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready ${(server.address() as AddressInfo).port}\n`);
});
