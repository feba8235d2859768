import { z } from 'zod';
import type { Clock } from '../../types.ts';
import { ModelFailed, type ModelHealth } from './model.ts';
import { openAiFault } from './openai-faults.ts';
import { failureOfRefusal, readRefusal } from './refusal.ts';
import { PROBE_DEADLINES } from './watch.ts';
import type { WatchedFetch } from './watched-fetch.ts';

interface Probed {
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks for the list of models, which costs nothing; an endpoint without such a list is taken at its word. */
export async function probeOpenAi(web: WatchedFetch, probed: Probed, signal: AbortSignal): Promise<ModelHealth> {
  try {
    return await web.call({ ...PROBE_DEADLINES, signal }, async ({ fetch }) => {
      const response = await fetch(`${probed.baseUrl}/models`, { headers: probed.headers });
      if (response.ok) return healthOf(LIST.safeParse(await response.json()).data, probed.model);
      if (response.status === 404 || response.status === 405) return { ok: true, problems: [UNLISTED] };
      const refusal = await readRefusal(response, probed.clock.now());
      throw failureOfRefusal(refusal, openAiFault(refusal, false), { secrets: [probed.key], prompt: [] });
    });
  } catch (error) {
    if (!(error instanceof ModelFailed) || error.fault === 'cancelled') throw error;
    return { ok: false, problems: [`${error.message}${error.fault === 'auth' ? ': check the API key' : ''}`] };
  }
}

const UNLISTED =
  'it has no list of models, so neither the address nor the model could be checked; most addresses end with a version, such as /v1';

const LIST = z.object({ data: z.array(z.object({ id: z.string() })) });

function healthOf(list: z.infer<typeof LIST> | undefined, model: string): ModelHealth {
  if (list === undefined)
    return { ok: false, problems: ['what answers is no OpenAI-compatible endpoint: check the base URL'] };
  if (list.data.some(({ id }) => id === model)) return { ok: true, found: model, problems: [] };
  const some = list.data.slice(0, 5).map(({ id }) => id.slice(0, 60));
  return { ok: true, problems: [`the endpoint does not list the model ${model}; it has ${some.join(', ') || 'none'}`] };
}
