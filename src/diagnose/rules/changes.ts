import type { EpochMs } from '../../types.ts';
import type { EvidencePack } from '../provider.ts';
import type { Heard } from './hear.ts';

const HOUR_MS = 60 * 60_000;
/** Clocks differ: what seems to have come just after may have come before. */
const SKEW_MS = 2 * 60_000;

/** How the evidence of a change says that it is about the alert's own service, on a line of its own. */
const SAME_SERVICE = /^(same service as the alert|the alert names this service|与告警是同一服务|告警里提到了这个服务)$/;

/** Changes of the alert's own service in the hour before the start. */
export const suspects = (heard: readonly Heard[], pack: EvidencePack, startedAt: EpochMs): readonly Heard[] =>
  heard.filter(
    (one) =>
      one.kind === 'change' &&
      one.at >= startedAt - HOUR_MS &&
      one.at <= startedAt + SKEW_MS &&
      isOfSameService(one, pack),
  );

/** A rollout in the cluster was looked up by the alert's own pod or workload. The change's own title is not believed. */
const isOfSameService = ({ source, id }: Heard, { evidence }: EvidencePack): boolean =>
  source === 'kubernetes' ||
  evidence
    .filter((item) => item.id === id)
    .some(({ text }) =>
      text
        .split('\n')
        .slice(1)
        .some((line) => SAME_SERVICE.test(line)),
    );

/** Whether trouble was seen after a time. */
export const troubles = (heard: readonly Heard[], since: EpochMs): boolean =>
  heard.some(
    ({ kind, trust, at }) =>
      at >= since - SKEW_MS &&
      ((kind === 'log' && trust >= 0.45) || (kind === 'state' && trust >= 0.6) || (kind === 'metric' && trust >= 0.6)),
  );
