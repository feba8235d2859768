import type { Clock, EpochMs } from '../types.ts';
import { type Format, type Model, ModelFailed, type ModelReply, type ModelRequest } from './providers/model.ts';

const REMEMBERED_MS = 24 * 3_600_000;
/** An endpoint that takes a schema and does not keep to it is better asked in words. */
const MISSES = 2;

interface Known {
  readonly level: number;
  readonly misses: number;
  readonly since: EpochMs;
}

export type Formats = ReturnType<typeof createFormats>;

/** How each model is asked for the form of its answer: as strictly as it takes, found out once a day. */
export function createFormats({ clock }: { readonly clock: Clock }) {
  const known = new Map<string, Known>();
  const levelOf = ({ name, formats }: Model): Known => {
    const found = known.get(name);
    const fresh = { level: 0, misses: 0, since: clock.now() };
    return found === undefined || clock.now() - found.since > REMEMBERED_MS || found.level >= formats.length
      ? fresh
      : found;
  };
  const stepDown = (model: Model, { level, since }: Known): Known | undefined => {
    if (level + 1 >= model.formats.length) return undefined;
    const next = { level: level + 1, misses: 0, since };
    known.set(model.name, next);
    return next;
  };

  /** Throws `ModelFailed`; a form the endpoint does not know is no failure as long as it knows another. */
  async function complete(model: Model, request: Omit<ModelRequest, 'format'>): Promise<ModelReply> {
    for (let at: Known | undefined = levelOf(model); ;) {
      const format: Format | undefined = model.formats[at.level];
      try {
        return await model.complete({ ...request, ...(format === undefined ? {} : { format }) });
      } catch (err) {
        at = err instanceof ModelFailed && err.fault === 'format_unsupported' ? stepDown(model, at) : undefined;
        if (at === undefined) throw err;
      }
    }
  }

  return {
    complete,
    /** Another endpoint may stand behind this name now. */
    forget: (name: string): boolean => known.delete(name),
    /** Whether an answer could be read: two in a row that could not, and the form is asked for less strictly. */
    note: (model: Model, readable: boolean): void => {
      const at = levelOf(model);
      if (!readable && at.misses + 1 >= MISSES) stepDown(model, at);
      else known.set(model.name, { ...at, misses: readable ? 0 : at.misses + 1 });
    },
  };
}
