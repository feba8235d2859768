import type { RequestHandler } from 'express';
import { decodeBody } from '../ingest/decode.ts';
import type { AlertProof } from './alert-proof.ts';
import { answer } from './answer.ts';
import { createBodyReader } from './body.ts';
import type { HttpDeps } from './ports.ts';
import type { OwnRoute } from './router.ts';

const BODY_LIMIT = 1024 ** 2;
const BODIES_LIMIT = 16 * 1024 ** 2;

/**
 * Where build systems tell of changes by an integration's own key, JSON or a form: whoever steals that key can make
 * evidence and alerts up, and nothing more. Served when there is somebody to tell.
 */
export function createChangeRoutes(deps: HttpDeps, proof: AlertProof): readonly OwnRoute[] {
  const { recordChange, findIntegration, integrationUsed } = deps;
  if (recordChange === undefined) return [];
  const readBody = createBodyReader(BODY_LIMIT, BODIES_LIMIT);
  const handler: RequestHandler = async (req, res) => {
    const name = String(req.params['name']);
    const proven = proof.named(req, await findIntegration(name));
    const raw = await readBody(req);
    if (proven !== 'proven') proven(raw);
    integrationUsed?.(name);
    const {
      status = 200,
      message = 'OK',
      data,
    } = await recordChange(decodeBody(raw, req.headers['content-type']), name);
    answer(res, status, message, data);
  };
  return [{ methods: ['POST'], path: '/api/changes/integration/:name', guard: 'own', handler }];
}
