import type { EpochMs, Locale } from '../../../types.ts';
import { type Folded, rootOf } from '../logs/fold.ts';
import { groupLines } from '../logs/groups.ts';
import type { LogLine } from '../logs/line.ts';
import { rankGroups } from '../logs/rank.ts';
import type { About, Finding } from '../source.ts';
import { within } from '../wire.ts';
import { readableLine, utc } from '../words.ts';
import type { Cluster, Item } from './cluster.ts';
import { isObjectName } from './names.ts';
import { containersIn, nameOf, namespaceOf } from './object.ts';
import { type ContainerState, containerStates } from './pod-state.ts';

const MOST_CONTAINERS = 3;
const MOST_KINDS = 4;
const LAST_LINES = 4;

/** The last lines of the containers of a pod that ended: of the run that ended, or of the only one there was. */
export async function crashLogFindings(cluster: Cluster, pod: Item, about: About): Promise<readonly Finding[]> {
  const states = containerStates(pod).filter(
    ({ exit, restarts, ready }) => exit !== undefined || restarts > 0 || !ready,
  );
  const known = new Set(containersIn(within(pod, 'spec')).map(({ name }) => name));
  const asked = states
    .filter(({ name, state }) => isObjectName(name) && known.has(name) && !(state === 'waiting' && neverRan(states)))
    .toSorted((a, b) => Number(isBad(b)) - Number(isBad(a)))
    .slice(0, MOST_CONTAINERS);
  const findings = await Promise.all(asked.map((state) => logFinding(cluster, pod, state, about)));
  return findings.filter((finding) => finding !== undefined);
}

const isBad = ({ exit }: ContainerState): boolean => exit !== undefined && exit.code !== 0;

const neverRan = (states: readonly ContainerState[]): boolean =>
  states.every(({ exit, restarts, state }) => exit === undefined && restarts === 0 && state === 'waiting');

async function logFinding(
  cluster: Cluster,
  pod: Item,
  { name: container, state, restarts }: ContainerState,
  about: About,
): Promise<Finding | undefined> {
  const [namespace, name] = [namespaceOf(pod), nameOf(pod)];
  const previous = restarts > 0 && state !== 'terminated';
  const before = previous ? await cluster.log(namespace, name, container, true) : undefined;
  const tail = before ?? (await cluster.log(namespace, name, container, false));
  const lines = linesOf(tail ?? '', `${name}/${container}`, about.startedAt);
  if (lines.length === 0) return undefined;
  const words = WORDS[about.locale];
  const old = before === undefined ? '' : ' --previous';
  return {
    source: 'kubernetes',
    title: `${words[before === undefined ? 'log' : 'previous']} ${namespace}/${name} · ${container}`,
    query: `kubectl -n ${namespace} logs ${name} -c ${container}${old} --tail=100`,
    text: await textOf(lines, about),
    at: lines.at(-1)?.at ?? about.now,
    relevance: 0.9,
    ...(lines.length >= 100 ? { cut: true } : {}),
  };
}

/** What complains, the nearest to the end first, then the very last lines: there a crash says why. */
async function textOf(lines: readonly LogLine[], about: About): Promise<string> {
  const words = WORDS[about.locale];
  const ended = lines.at(-1)?.at ?? about.startedAt;
  const span = { startedAt: ended, from: Math.min(lines[0]?.at ?? ended, ended - 1000) };
  const groups = await groupLines(lines, span);
  const interest = { ...span, words: about.plan.logWords };
  const telling = (await rankGroups(groups, interest))
    .filter(({ level, troubled }) => level === 'error' || troubled)
    .slice(0, MOST_KINDS)
    .map(({ count, samples: [sample] }) => `×${count} ${utc(sample.at)}\n${traceText(sample)}`);
  const last = lines.slice(-LAST_LINES).map(({ text }) => `> ${readableLine(text, 300)}`);
  return [...telling, words.last, ...last].join('\n');
}

function traceText(line: Folded): string {
  const root = rootOf(line);
  const frames = line.rest.filter((each) => each.trim() !== '' && each.trim() !== root).slice(0, 2);
  const parts = [line.text, ...(root === '' ? [] : [root]), ...frames];
  return parts.map((each) => `> ${readableLine(each, 400)}`).join('\n');
}

/** `2026-11-22T07:58:01.123456789Z text`, as the API gives them with their times. */
const linesOf = (text: string, stream: string, otherwise: EpochMs): readonly LogLine[] => {
  let at = otherwise;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .slice(-200)
    .map((line) => {
      const [, time, rest] = /^(\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:\d\d)) ?(.*)$/s.exec(line) ?? [];
      const read = time === undefined ? Number.NaN : Date.parse(time);
      if (!Number.isNaN(read)) at = read;
      return { at, text: Number.isNaN(read) ? line : (rest ?? ''), stream };
    });
};

const WORDS: Readonly<Record<Locale, Readonly<Record<'log' | 'previous' | 'last', string>>>> = {
  'zh-CN': { log: '容器日志', previous: '退出前的日志', last: '最后几行：' },
  'en-US': { log: 'Log of', previous: 'Log before the exit of', last: 'The last lines:' },
};
