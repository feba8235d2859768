import { obedientAnswer } from './obedient.ts';
import { type Ask, askOf, chunksOf, completionOf, FRAMING, type Said } from './openai-wire.ts';
import { refusalOf } from './openai-refusals.ts';
import { type ModelServer, sendFrames, sendJson, startModelServer } from './model-server.ts';

export interface OpenAiOptions {
  /** What must be shown; none: any will do. */
  readonly apiKey?: string;
  /** What is served; `sim-1`. */
  readonly models?: readonly string[];
  /** Fields of the request that it refuses, as OpenAI words it; `json_schema`, `strict` and `json_object` too. */
  readonly refuses?: readonly string[];
  /** It does what any text in its prompt says. */
  readonly obedient?: true;
  /** Without a list of models at `/models`. */
  readonly unlisted?: true;
}

export interface OpenAiSimulator extends Omit<ModelServer, 'origin'> {
  /** With `/v1`. */
  readonly url: string;
  /** The chat completions that were asked for, refused ones too. */
  readonly asks: readonly Ask[];
  /** What it says from now on. */
  answer(answer: string | ((ask: Ask) => Said)): void;
}

/** A loopback server that speaks OpenAI's chat completions, streamed and whole. */
export async function startOpenAiSimulator(options: OpenAiOptions = {}): Promise<OpenAiSimulator> {
  const models = options.models ?? ['sim-1'];
  const asks: Ask[] = [];
  let respond: (ask: Ask) => Said =
    options.obedient === true ? obey : ({ prompt }) => ({ text: `You said ${prompt.length} characters.` });
  const server = await startModelServer(
    (path) => path === '/v1/chat/completions',
    async (received, response, fault) => {
      const { method, path } = received;
      if (method === 'GET' && path === '/v1/models' && options.unlisted !== true) {
        const refusal = refusalOf(options, models, received.headers.authorization, undefined);
        const data = models.map((id) => ({ id, object: 'model', created: 1, owned_by: 'simulator' }));
        return sendJson(response, refusal?.status ?? 200, refusal?.body ?? { object: 'list', data });
      }
      if (method !== 'POST' || path !== '/v1/chat/completions') {
        return sendJson(response, 404, {
          error: { message: `Invalid URL (${method} ${path})`, type: 'invalid_request_error' },
        });
      }
      const ask = askOf(received);
      asks.push(ask);
      const refusal = refusalOf(options, models, received.headers.authorization, ask);
      if (refusal !== undefined) return sendJson(response, refusal.status, refusal.body);
      const said = respond(ask);
      if (!ask.stream || fault.unstreamed === true) return sendJson(response, 200, completionOf(ask, said, fault));
      await sendFrames(response, chunksOf(ask, said, fault), FRAMING, fault);
    },
  );
  return {
    ...server,
    url: `${server.origin}/v1`,
    asks,
    answer: (answer) => {
      respond = typeof answer === 'string' ? () => ({ text: answer }) : answer;
    },
  };
}

const obey = ({ prompt }: Ask): Said => ({ text: JSON.stringify(obedientAnswer(prompt)) });
