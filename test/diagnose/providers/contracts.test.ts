import { createOllama } from '../../../src/diagnose/providers/ollama.ts';
import { createOpenAi } from '../../../src/diagnose/providers/openai.ts';
import { describeModel, type Mishap, type ModelUnderTest } from '../../contracts/model.ts';
import type { ModelFault } from '../../simulators/model-faults.ts';
import { startOllamaSimulator } from '../../simulators/ollama.ts';
import { startOpenAiSimulator } from '../../simulators/openai.ts';

const clock = { now: () => Date.now() };
const KEY = 'key-0123456789abcdef';

function faultOf(mishap: Mishap): ModelFault {
  switch (mishap.kind) {
    case 'silent':
      return { silent: true };
    case 'stall':
      return { stallAfter: 4 };
    case 'slow':
      return { pace: mishap.everyMs };
    case 'cut':
      return { cutAfter: 4 };
    case 'reset':
      return { resetAfter: 4 };
    case 'html':
      return { html: mishap.status };
    case 'redirect':
      return { redirect: mishap.to };
    case 'refuse':
      return { refuse: { status: mishap.status, body: { error: { message: mishap.message } } } };
    case 'error':
      return { errorAfter: { frames: 4, error: { message: mishap.message } } };
  }
  throw new Error('unknown mishap');
}

/** Ollama tells errors as plain text. */
function ollamaFaultOf(mishap: Mishap): ModelFault {
  if (mishap.kind === 'refuse') return { refuse: { status: mishap.status, body: { error: mishap.message } } };
  return mishap.kind === 'error' ? { errorAfter: { frames: 4, error: mishap.message } } : faultOf(mishap);
}

describeModel('an OpenAI-compatible endpoint', async ({ fetch, ...limits }): Promise<ModelUnderTest> => {
  const simulator = await startOpenAiSimulator({ apiKey: KEY });
  const { url: baseUrl, received, answer, next, close } = simulator;
  const edges = { fetch, clock };
  return {
    model: createOpenAi({ name: 'openai', baseUrl, apiKey: KEY, model: 'sim-1', ...limits, edges }),
    baseUrl,
    secret: KEY,
    says: answer,
    next: (mishap) => next(faultOf(mishap)),
    asked: () => received.filter(({ path }) => path === '/v1/chat/completions').length,
    left: () => received.at(-1)?.left ?? false,
    close,
  };
});

describeModel('an Ollama server', async ({ fetch, ...limits }): Promise<ModelUnderTest> => {
  const { url: baseUrl, received, answer, next, close } = await startOllamaSimulator();
  const edges = { fetch, clock };
  return {
    model: createOllama({ name: 'ollama', baseUrl, model: 'qwen3:8b', ...limits, edges }),
    baseUrl,
    says: answer,
    next: (mishap) => next(ollamaFaultOf(mishap)),
    asked: () => received.filter(({ path }) => path === '/api/chat').length,
    left: () => received.at(-1)?.left ?? false,
    close,
  };
});
