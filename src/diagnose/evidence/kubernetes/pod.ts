import type { About, Finding } from '../source.ts';
import { listOf, stringOf, within } from '../wire.ts';
import { relative, span, utc } from '../words.ts';
import type { Item } from './cluster.ts';
import {
  type ContainerSpec,
  amounts,
  conditionsOf,
  containersIn,
  createdAt,
  labelsText,
  nameOf,
  namespaceOf,
  numberOf,
  said,
} from './object.ts';
import { POD_WORDS, type PodWords } from './pod-words.ts';
import { type ContainerState, type Exit, containerStates, troubleOf } from './pod-state.ts';

/** What state a pod is in and how its containers are set up, with the API's own words and numbers. */
export function podFinding(pod: Item, about: About): Finding {
  const trouble = troubleOf(pod, about.startedAt);
  const [namespace, name] = [namespaceOf(pod), nameOf(pod)];
  const words = POD_WORDS[about.locale];
  const containers = containersIn(within(pod, 'spec')).map((spec) =>
    containerText(
      spec,
      containerStates(pod).find((state) => state.name === spec.name),
      about,
    ),
  );
  return {
    source: 'kubernetes',
    title: `Pod ${namespace}/${name} · ${trouble?.word ?? words.healthy}`,
    query: `kubectl -n ${namespace} get pod ${name} -o yaml`,
    text: [headText(pod, about), ...conditionTexts(pod, about), ...containers].join('\n'),
    at: about.now,
    relevance: trouble === undefined ? 0.4 : 0.95,
  };
}

function headText(pod: Item, { locale, startedAt }: About): string {
  const words = POD_WORDS[locale];
  const [node, reason] = [said(within(pod, 'spec', 'nodeName'), 100), said(within(pod, 'status', 'reason'), 80)];
  const created = createdAt(pod);
  const deleted = within(pod, 'metadata', 'deletionTimestamp');
  const parts = [
    `phase ${said(within(pod, 'status', 'phase'), 20) || '?'}${reason === '' ? '' : ` (${reason})`}`,
    said(within(pod, 'status', 'message')),
    node === '' ? words.noNode : `${words.node} ${node}`,
    Number.isNaN(created) ? '' : `${words.created} ${utc(created)} (${relative(created, startedAt, locale)})`,
    deleted === undefined ? '' : words.terminating,
    `labels ${labelsText(within(pod, 'metadata', 'labels'))}`,
    within(pod, 'spec', 'nodeSelector') === undefined
      ? ''
      : `nodeSelector ${labelsText(within(pod, 'spec', 'nodeSelector'))}`,
  ];
  return parts.filter((part) => part !== '').join(words.joint);
}

/** Only those that are not as they should be. */
const conditionTexts = (pod: Item, { locale }: About): readonly string[] =>
  conditionsOf(pod)
    .filter(({ status, type }) => (status !== 'True') !== (type === 'DisruptionTarget'))
    .map(({ type, status, reason, message, since }) =>
      [`${type}=${status}`, reason, message, Number.isNaN(since) ? '' : `${POD_WORDS[locale].since} ${utc(since)}`]
        .filter((part) => part !== '')
        .join(' · '),
    );

function containerText({ name, image, spec }: ContainerSpec, state: ContainerState | undefined, about: About): string {
  const words = POD_WORDS[about.locale];
  const parts = [
    state === undefined ? '' : stateText(state, about),
    state?.restarts === undefined || state.restarts === 0 ? '' : words.restarts(state.restarts),
    state?.exit === undefined ? '' : exitText(state.exit, state.state === 'terminated', about),
    `image ${image}`,
    resourceText(spec, words),
    ...probeTexts(spec),
    portsText(spec),
  ];
  return `${words.container} ${said(name, 63)}: ${parts.filter((part) => part !== '').join(words.joint)}`;
}

function stateText({ state, reason, message, ready }: ContainerState, { locale }: About): string {
  const why = [reason, message].filter((part) => part !== '').join(': ');
  return `${state}${why === '' ? '' : ` ${why}`}${state === 'running' ? `, ${POD_WORDS[locale][ready ? 'ready' : 'unready']}` : ''}`;
}

function exitText({ reason, code, message, at, startedAt: from }: Exit, current: boolean, about: About): string {
  const words = POD_WORDS[about.locale];
  const when = Number.isNaN(at) ? '' : `, ${utc(at)} (${relative(at, about.startedAt, about.locale)})`;
  const lived = Number.isNaN(at - from) ? '' : `, ${words.lived} ${span(at - from, about.locale)}`;
  const why = message === '' ? '' : `, ${message}`;
  return `${current ? words.ended : words.lastEnd} ${reason || '?'}, exit code ${code}${when}${lived}${why}`;
}

function resourceText(spec: unknown, words: PodWords): string {
  const [requests, limits] = [
    amounts(within(spec, 'resources', 'requests')),
    amounts(within(spec, 'resources', 'limits')),
  ];
  return [
    requests === '' ? words.noRequests : `requests ${requests}`,
    limits === '' ? words.noLimits : `limits ${limits}`,
  ].join(', ');
}

const probeTexts = (spec: unknown): readonly string[] =>
  (['livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    .map((name) => [name, within(spec, name)] as const)
    .filter(([, probe]) => probe !== undefined)
    .map(([name, probe]) => `${name} ${probeText(probe)}`);

function probeText(probe: unknown): string {
  const http = within(probe, 'httpGet');
  const tcp = within(probe, 'tcpSocket');
  const exec = listOf(within(probe, 'exec', 'command')).map((word) => said(word, 60));
  const how =
    http !== undefined
      ? `GET :${portOf(within(http, 'port'))}${said(within(http, 'path'), 100)}`
      : tcp !== undefined
        ? `TCP :${portOf(within(tcp, 'port'))}`
        : exec.length > 0
          ? `exec ${exec.join(' ').slice(0, 120)}`
          : 'gRPC';
  const times = [
    `timeout ${numberOf(within(probe, 'timeoutSeconds')) || 1}s`,
    `period ${numberOf(within(probe, 'periodSeconds')) || 10}s`,
    `delay ${numberOf(within(probe, 'initialDelaySeconds'))}s`,
    `failures ${numberOf(within(probe, 'failureThreshold')) || 3}`,
  ];
  return `${how} (${times.join(' ')})`;
}

const portOf = (port: unknown): string => (typeof port === 'number' ? String(port) : said(stringOf(port), 20));

function portsText(spec: unknown): string {
  const ports = listOf(within(spec, 'ports'))
    .slice(0, 8)
    .map((port) => portOf(within(port, 'containerPort')));
  return ports.length === 0 ? '' : `ports ${ports.join(' ')}`;
}
