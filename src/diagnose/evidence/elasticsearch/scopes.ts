import type { LogScope } from '../logs/store.ts';
import type { Subject } from '../../subject.ts';
import type { Field, Layout, Role } from './fields.ts';
import { type Clause, all, any, is } from './query.ts';

export interface Candidate {
  readonly kind: 'pod' | 'service' | 'host';
  readonly clause: Clause;
}

/** Whose lines there may be, the narrowest first; at most 16. */
export function candidatesOf(subject: Subject, layout: Layout): readonly Candidate[] {
  const inside = namespaceOf(subject, layout);
  const named = (kind: Candidate['kind'], fields: readonly Field[], values: readonly (string | undefined)[]) =>
    [...new Set(values)]
      .filter((value) => value !== undefined)
      .flatMap((value) => fields.map((field) => ({ kind, clause: all([...inside, is(field, value)]) })));
  const host = subject.get('host');
  const workloads = [subject.get('service'), subject.get('deployment'), subject.get('container')];
  return [
    ...named('pod', layout.pod, [subject.get('pod')]),
    ...named('service', layout.service, workloads),
    ...workloads
      .slice(0, 2)
      .filter((value) => value !== undefined)
      .flatMap((value) =>
        layout.pod.map((field) => ({ kind: 'service' as const, clause: all([...inside, podsOf(field, value)]) })),
      ),
    ...(host === undefined ? [] : layout.host.map((field) => ({ kind: 'host' as const, clause: is(field, host) }))),
  ].slice(0, 16);
}

export interface ElasticsearchScope {
  readonly clause: Clause;
  readonly asked: LogScope['asked'];
  readonly own: boolean;
}

/**
 * What to read, by how many lines each candidate has: the pod, its service and its host, and the namespace; who mentions
 * it elsewhere, and what complains anywhere, since a cause may lie with another.
 */
export function scopesOf(
  subject: Subject,
  layout: Layout,
  candidates: readonly Candidate[],
  counts: readonly number[],
): readonly ElasticsearchScope[] {
  const alive = candidates.filter((_, at) => (counts[at] ?? 0) > 0);
  const own = (['pod', 'service', 'host'] as const)
    .map((kind) => alive.find((each) => each.kind === kind)?.clause)
    .filter((clause) => clause !== undefined);
  const mention = subject.get('service') ?? subject.get('pod') ?? subject.get('host');
  return [
    ...own.map((clause) => ({ clause, asked: 'everything' as const, own: true })),
    ...namespaceOf(subject, layout).map((clause) => ({ clause, asked: 'everything' as const, own: false })),
    ...(mention === undefined ? [] : [{ clause: mentions(layout, mention), asked: 'mentions' as const, own: false }]),
    { clause: { match_all: {} }, asked: 'trouble', own: false },
  ];
}

const mentions = (layout: Layout, name: string): Clause =>
  any(
    layout.message.map((field) =>
      field.kind === 'words' ? { match_phrase: { [field.name]: name.toWellFormed() } } : is(field, name),
    ),
  );

function namespaceOf(subject: Subject, layout: Layout): readonly Clause[] {
  const value = subject.get('namespace');
  const fields: readonly Field[] = layout['namespace' satisfies Role];
  return value === undefined || fields.length === 0 ? [] : [any(fields.map((field) => is(field, value)))];
}

/** The pods of a workload, where only they are named: `checkout-7d9f8b6c5-x2x4q`. */
const podsOf = ({ exact }: Field, workload: string): Clause => ({
  prefix: { [exact]: { value: `${workload.toWellFormed()}-` } },
});
