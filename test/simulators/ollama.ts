import { obedientAnswer } from './obedient.ts';
import { type ModelServer, type Received, sendFrames, sendJson, startModelServer } from './model-server.ts';
import { askOf, FRAMING, linesOf, type OllamaAsk, type OllamaSaid, wholeOf } from './ollama-wire.ts';

export interface OllamaOptions {
  /** What has been pulled; `qwen3:8b`. */
  readonly pulled?: readonly string[];
  /** The window a loaded model really has, whatever is asked for; what is asked for. */
  readonly window?: number;
  /** A server that does not know `truncate: false` and cuts in silence. */
  readonly cuts?: true;
  readonly version?: string;
  /** It does what any text in its prompt says. */
  readonly obedient?: true;
}

export interface OllamaSimulator extends Omit<ModelServer, 'origin'> {
  /** The server's root. */
  readonly url: string;
  readonly asks: readonly OllamaAsk[];
  answer(answer: string | ((ask: OllamaAsk) => OllamaSaid)): void;
}

/** A loopback server that speaks Ollama's own protocol. */
export async function startOllamaSimulator(options: OllamaOptions = {}): Promise<OllamaSimulator> {
  const pulled = options.pulled ?? ['qwen3:8b'];
  const asks: OllamaAsk[] = [];
  let loaded: { readonly name: string; readonly context_length: number } | undefined;
  let respond: (ask: OllamaAsk) => OllamaSaid =
    options.obedient === true ? obey : ({ prompt }) => ({ text: `You said ${prompt.length} characters.` });

  const server = await startModelServer(
    (path) => path === '/api/chat',
    async (received, response, fault) => {
      const { method, path } = received;
      if (method === 'GET' && path in LISTS) {
        const models = pulled.map((name) => ({ name, model: name, size: 5_000_000_000, digest: 'abc', details: {} }));
        return sendJson(response, 200, LISTS[path]?.({ version: options.version ?? '0.12.3', models, loaded }));
      }
      if (method !== 'POST' || path !== '/api/chat') return void response.writeHead(404).end('404 page not found');
      const refused = refusalOf(received, pulled);
      if (refused !== undefined) return sendJson(response, refused.status, { error: refused.error });
      const ask = askOf(received, options.window);
      asks.push(ask);
      loaded = { name: ask.model, context_length: ask.window };
      if (ask.messages.length === 0) return sendJson(response, 200, wholeOf(ask, {}, { finish: 'load' }));
      if (ask.promptTokens > ask.window && options.cuts !== true && ask.body['truncate'] === false) {
        return sendJson(response, 400, { error: 'the prompt is longer than the context length of the model' });
      }
      const said = respond(ask);
      if (ask.body['stream'] === false) return sendJson(response, 200, wholeOf(ask, said, fault));
      await sendFrames(response, linesOf(ask, said, fault), FRAMING, fault);
    },
  );
  return {
    ...server,
    url: server.origin,
    asks,
    answer: (answer) => {
      respond = typeof answer === 'string' ? () => ({ text: answer }) : answer;
    },
  };
}

interface Known {
  readonly version: string;
  readonly models: readonly object[];
  readonly loaded: { readonly name: string; readonly context_length: number } | undefined;
}

const LISTS: Readonly<Record<string, (known: Known) => object>> = {
  '/api/version': ({ version }) => ({ version }),
  '/api/tags': ({ models }) => ({ models }),
  '/api/ps': ({ loaded }) => ({
    models: loaded === undefined ? [] : [{ ...loaded, model: loaded.name, size: 5_000_000_000, size_vram: 0 }],
  }),
};

function refusalOf({ body }: Received, pulled: readonly string[]) {
  if (body === undefined) return { status: 400, error: 'invalid character in request body' };
  const model = String(body['model']);
  const isPulled = pulled.some((name) => name === model || name === `${model}:latest`);
  if (!isPulled) return { status: 404, error: `model "${model}" not found, try pulling it first` };
  const format = body['format'];
  if (typeof format === 'string' && format !== 'json') return { status: 400, error: `invalid format: "${format}"` };
  return undefined;
}

const obey = ({ prompt }: OllamaAsk): OllamaSaid => ({ text: JSON.stringify(obedientAnswer(prompt)) });
