import { randomBytes } from 'node:crypto';
import { createAskModel } from '../diagnose/ask-model.ts';
import { type Chain, createChain } from '../diagnose/chain/chain.ts';
import { createFormats } from '../diagnose/model-formats.ts';
import { type Prompt, loadPrompt } from '../diagnose/prompt.ts';
import { createRedactor } from '../diagnose/redact/redactor.ts';
import { createProviderRows } from '../store/providers.ts';
import type { Locale } from '../types.ts';
import type { DiagnosisDeps } from './diagnosis.ts';
import { createProviders } from './providers.ts';

type AskingDeps = Omit<DiagnosisDeps, 'evidence'> & { readonly shown: (text: string) => string };

/** What asks models: the providers as they are now, the chain through them, and the question put to one. */
export async function createAsking(deps: AskingDeps) {
  const { providers, asking, formats } = await chained(deps);
  const { config, runbooks, accounting, secrets, shown } = deps;
  const chain: Chain = {
    ...asking,
    ask: async (...question) => {
      await providers.refresh();
      return asking.ask(...question);
    },
  };
  const askModel = createAskModel({
    prompts: { 'zh-CN': await prompt('zh-CN'), 'en-US': await prompt('en-US') },
    runbooks: async (facts) => (await runbooks.forIncident(facts)).map(({ runbook }) => runbook),
    redactor: createRedactor({ secrets: secrets.all, policy: config.LLM_DATA_POLICY }),
    shown,
    policy: config.LLM_DATA_POLICY,
    nonce: () => randomBytes(9).toString('hex'),
    formats,
    metered: accounting.metered,
  });
  return { providers, chain, askModel };
}

/** A provider that is changed is asked anew: what its chain and its formats learnt of it is forgotten. */
async function chained({ config, edges, log, metrics, storage, accounting, environment, secrets }: AskingDeps) {
  const { clock } = edges;
  const { database, committer, sealer } = storage;
  const formats = createFormats({ clock });
  const providers = createProviders({
    config,
    environment,
    rows: createProviderRows({ database, write: committer.write, clock, sealer }),
    edges,
    onChange: (name) => {
      asking.forgive(name);
      formats.forget(name);
    },
    onKeys: (keys) => secrets.keep('providers', keys),
    states: () => asking.states(),
  });
  const asking = createChain({
    models: providers.models,
    clock,
    random: edges.random,
    log,
    metrics,
    onOpen: (opening) => void accounting.breakerOpened(opening),
  });
  for (const name of await providers.unknown())
    log.warn({ action: 'config_warning' }, `LLM_PROVIDERS names ${name}, which no provider is called`);
  return { providers, asking, formats };
}

const prompt = (locale: Locale): Promise<Prompt> => loadPrompt('diagnose', 1, locale);
