import { lookup as systemLookup } from 'node:dns/promises';
import type { Clock } from '../../../types.ts';
import type { About, EvidenceSource, Finding } from '../source.ts';
import { type Address, addressOf, isListed } from './address.ts';
import { type Lookup, askAddress } from './ask.ts';
import { answerText, noAnswerText } from './texts.ts';

export interface ProbeOptions {
  /** `host` or `host:port`; nothing else is ever asked. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  /** The system's when absent. */
  readonly lookup?: Lookup;
  /** Of one question, ms; 5 s when absent. */
  readonly timeoutMs?: number;
}

const LABELS = ['target', 'url', 'instance'];
const MOST = 2;

/**
 * Asks the address that an alert names whether it answers, when the alert's family gains from that and its host is on
 * the configured list. Metadata and link-local addresses are never connected to, whatever name leads there.
 */
export const createProbe = ({
  hosts,
  clock,
  lookup = allAddresses,
  timeoutMs = 5000,
}: ProbeOptions): EvidenceSource => ({
  name: 'probe',
  timeoutMs: timeoutMs + 1000,
  collect: async (about, signal) => {
    if (!about.plan.probe || hosts.length === 0) return [];
    const addresses = addressesOf(about)
      .filter((address) => isListed(address, hosts))
      .slice(0, MOST);
    return Promise.all(
      addresses.map(async (address) =>
        findingOf(address, await askAddress(address, { clock, lookup, timeoutMs }, signal), about),
      ),
    );
  },
});

const allAddresses: Lookup = (host) => systemLookup(host, { all: true });

/** Of all the alerts, each address once. */
function addressesOf({ facts }: About): readonly Address[] {
  const found = new Map<string, Address>();
  for (const { labels } of [facts.incident, ...facts.alerts]) {
    for (const label of LABELS) {
      const address = addressOf(labels[label] ?? '');
      if (address !== undefined) found.set(address.url.href, address);
    }
  }
  return [...found.values()];
}

function findingOf(address: Address, answer: Awaited<ReturnType<typeof askAddress>>, about: About): Finding {
  const { title, text, relevance } =
    'status' in answer ? answerText(address, answer, about) : noAnswerText(address, answer, about);
  const unasked = 'stage' in answer && answer.stage === 'refused';
  return {
    source: 'probe',
    title,
    query: `GET ${address.url.origin}${address.url.pathname}`.slice(0, 300),
    text,
    at: about.now,
    relevance,
    ...(unasked ? { failed: true } : {}),
  };
}
