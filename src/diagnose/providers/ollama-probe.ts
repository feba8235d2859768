import { z } from 'zod';
import type { Clock } from '../../types.ts';
import { type ModelHealth, ModelFailed } from './model.ts';
import { ollamaFailure, pullIt } from './ollama-faults.ts';
import { readRefusal } from './refusal.ts';
import { PROBE_DEADLINES } from './watch.ts';
import type { WatchedCall, WatchedFetch } from './watched-fetch.ts';

interface Probed {
  readonly model: string;
  readonly numCtx: number;
  readonly clock: Clock;
}

/** Asks whether the server lives, has the model, and with which window it is loaded. */
export async function probeOllama(web: WatchedFetch, probed: Probed, signal: AbortSignal): Promise<ModelHealth> {
  try {
    return await web.call({ ...PROBE_DEADLINES, signal }, async (call) => {
      const get = <T>(path: string, shape: z.ZodType<T>) => read(call, `${web.baseUrl}${path}`, shape, probed);
      const { version } = await get('/api/version', VERSION);
      const found = `Ollama ${version.slice(0, 40)}`;
      const { models } = await get('/api/tags', MODELS);
      if (!models.some(({ name }) => isSame(name, probed.model))) {
        return { ok: false, found, problems: [pullIt(probed.model)] };
      }
      const loaded = (await get('/api/ps', MODELS)).models.find(({ name }) => isSame(name, probed.model));
      return { ok: true, found: `${probed.model}, ${found}`, problems: problemsOf(loaded, probed.numCtx) };
    });
  } catch (error) {
    if (!(error instanceof ModelFailed) || error.fault === 'cancelled') throw error;
    return { ok: false, problems: [`${error.message} (the base URL is the server's root, without /api or /v1)`] };
  }
}

const NOTHING = { secrets: [], prompt: [] };

const VERSION = z.object({ version: z.string() });
const MODELS = z.object({
  models: z.array(
    z.object({ name: z.string(), context_length: z.number().optional(), size_vram: z.number().optional() }),
  ),
});
type Loaded = z.infer<typeof MODELS>['models'][number];

async function read<T>(call: WatchedCall, url: string, shape: z.ZodType<T>, probed: Probed): Promise<T> {
  const response = await call.fetch(url);
  if (!response.ok) {
    throw ollamaFailure(await readRefusal(response, probed.clock.now()), { ...probed, formatAsked: false }, NOTHING);
  }
  const parsed = shape.safeParse(await response.json());
  if (!parsed.success) throw new ModelFailed('what answers is no Ollama server', 'bad_response');
  return parsed.data;
}

/** `qwen3` means `qwen3:latest`. */
const isSame = (name: string, asked: string): boolean => name === asked || name === `${asked}:latest`;

function problemsOf(loaded: Loaded | undefined, numCtx: number): readonly string[] {
  const window = loaded?.context_length;
  return [
    ...(window !== undefined && window < numCtx
      ? [`the model is loaded with a window of ${window} tokens, less than OLLAMA_NUM_CTX=${numCtx}: lower it to that`]
      : []),
    ...(loaded?.size_vram === 0 ? ['the model runs on the CPU alone: expect minutes for an answer'] : []),
  ];
}
