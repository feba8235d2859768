import type { Command } from 'commander';
import type { ProviderView } from '../operations/provider.ts';
import { type CliDeps, CommandRefused, type OnBackend } from './command.ts';
import { createReport } from './lark/report.ts';
import { MODELS_TEXTS } from './models-texts.ts';
import { TEST_MS, providersOf } from './providers.ts';

/** `zhiban doctor models`: whether each provider is there and has its model. Ends with an error when one needs to be mended. */
export function addModelsDoctor(doctor: Command, deps: CliDeps, onBackend: OnBackend): void {
  doctor
    .command('models')
    .description('ask each language model whether it is there; costs nothing')
    .action(() =>
      onBackend(async (backend) => {
        const { LOCALE, LLM_DATA_POLICY } = deps.config();
        const t = MODELS_TEXTS[LOCALE];
        const providers = providersOf(backend, deps);
        const { tell, bad } = createReport(deps.print);
        const views = await providers.list();
        const asked = views.filter(({ position }) => position !== undefined);
        if (asked.length === 0) tell('note', t.none);
        else tell('ok', t.order(asked.map(({ name }) => name).join(' → ')));
        for (const name of await providers.unknown()) tell('bad', t.unknown(name));
        const interrupted = deps.interrupted();
        const found = await Promise.all(
          views.map(async (view) => ({
            view,
            test: await providers.test(view.name, AbortSignal.any([interrupted, AbortSignal.timeout(TEST_MS)])),
          })),
        );
        for (const { view, test } of found) {
          const { name, enabled } = view;
          if (!enabled) tell('note', t.disabled(name));
          if (test?.ok === true) tell('ok', t.ok(name, test.ms, test.found ?? ''));
          const mark = test?.ok === true || !enabled ? 'note' : 'bad';
          for (const problem of test?.problems ?? []) tell(mark, t.problem(name, problem));
          if (isPlain(view)) tell('note', t.plain(name));
        }
        if (asked.length > 0) tell('note', t.policy[LLM_DATA_POLICY]);
        if (bad() > 0) throw new CommandRefused(t.summary(bad()));
      }),
    );
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const isPlain = ({ baseUrl }: ProviderView): boolean => {
  const url = URL.parse(baseUrl);
  return url?.protocol === 'http:' && !LOOPBACK.test(url.hostname);
};
