import { SourceFailed } from '../failure.ts';
import type { Reader } from '../http.ts';
import { quoted } from '../promql.ts';
import type { About, EvidenceSource, Finding } from '../source.ts';
import { within } from '../wire.ts';
import { type Firing, readFiring } from './firing.ts';
import { type Kin, kinOf, rankOf, sharable } from './kin.ts';
import { groupFinding, partFinding, restFinding } from './words.ts';

export interface AlertmanagerOptions {
  readonly reader: Reader;
  /** ms; 10 s when absent. */
  readonly timeoutMs?: number;
}

const MOST_GROUPS = 5;

/**
 * What else fires now in an Alertmanager: alerts that share labels with the incident's, nearest first, those that began
 * before it before those that came later. The incident's own are left out, silenced and inhibited ones are not asked
 * for. Rejects with `SourceFailed`.
 */
export function createAlertmanager({ reader, timeoutMs = 10_000 }: AlertmanagerOptions): EvidenceSource {
  return {
    name: 'alertmanager',
    timeoutMs,
    check: async (signal) => {
      const status = await reader.get(['api', 'v2', 'status'], {}, signal);
      if (within(status, 'versionInfo') === undefined) throw new SourceFailed('alertmanager', { kind: 'unreadable' });
      return [];
    },
    collect: async (about, signal) => {
      const { all, filter } = await firing(reader, about, signal);
      const others = all.filter((one) => !isOurs(one, about));
      const kin = groupsOf(others, about);
      const near = kin.filter(({ shared }) => shared.length > 0).slice(0, MOST_GROUPS);
      const query = ['active=true', ...filter].join('&');
      const linked = (finding: Finding): Finding => ({ ...finding, query, url: reader.link([], {}, '#/alerts') });
      const told = near.map((one) => groupFinding(one, about));
      if (filter.length > 0) return [...told, partFinding(filter, about)].map(linked);
      const rest = others.length - near.reduce((sum, { alerts }) => sum + alerts.length, 0);
      return [...told, restFinding(near.length, rest, kin.slice(near.length), about)].map(linked);
    },
  };
}

/** All of them; in a storm whose list is too large, those of the nearest label. */
async function firing(
  reader: Reader,
  about: About,
  signal: AbortSignal,
): Promise<{ readonly all: readonly Firing[]; readonly filter: readonly string[] }> {
  const query = { active: true, silenced: false, inhibited: false, unprocessed: false };
  try {
    return { all: readFiring(await reader.get(['api', 'v2', 'alerts'], query, signal)), filter: [] };
  } catch (error) {
    const [label] = sharable(about);
    const isTooLarge = error instanceof SourceFailed && error.fault.kind === 'too_large';
    if (!isTooLarge || label === undefined) throw error;
    const filter = [`${label.name}=${quoted(label.value)}`];
    return { all: readFiring(await reader.get(['api', 'v2', 'alerts'], { ...query, filter }, signal)), filter };
  }
}

/** The incident's own alerts, by all their labels. */
function isOurs({ labels }: Firing, { facts: { alerts } }: About): boolean {
  const count = Object.keys(labels).length;
  return alerts.some(
    (one) =>
      Object.keys(one.labels).length >= count &&
      Object.entries(labels).every(([name, value]) => one.labels[name] === value),
  );
}

/** Alerts of one name that share the same with us are one group. */
function groupsOf(others: readonly Firing[], about: About): readonly Kin[] {
  const groups = new Map<string, Firing[]>();
  for (const one of others) {
    const name = one.labels['alertname'] ?? '';
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups]
    .map(([name, alerts]) => kinOf(name, alerts, about))
    .toSorted((a, b) => rankOf(b, about) - rankOf(a, about) || (a.name < b.name ? -1 : 1));
}
