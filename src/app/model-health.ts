import type { HealthPart } from '../console/ports.ts';
import type { ProviderView } from '../operations/provider.ts';
import type { Locale } from '../types.ts';
import { READINESS_TEXTS } from './readiness-texts.ts';

/** Which models are asked and which are left alone for now; nothing where none is configured. For signed-in people only. */
export function modelHealth(views: readonly ProviderView[], locale: Locale): readonly HealthPart[] {
  const texts = READINESS_TEXTS[locale];
  const asked = views.filter(({ position }) => position !== undefined);
  if (asked.length === 0) return [];
  const paused = asked.filter(({ state }) => state?.breaker === 'open');
  if (paused.length === 0)
    return [{ name: 'models', ok: true, detail: texts.models(asked.map(({ name }) => name).join(' → ')) }];
  const each = paused.map(({ name, state }) => texts.modelPaused(name, state?.fault ?? '-', isoOf(state?.until)));
  return [{ name: 'models', ok: false, detail: texts.modelsPaused(each.join(', ')) }];
}

const isoOf = (at: number | undefined): string => (at === undefined ? '-' : new Date(at).toISOString());
