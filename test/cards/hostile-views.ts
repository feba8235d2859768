import fc from 'fast-check';
import type { IncidentView } from '../../src/cards/view.ts';
import { DIAGNOSIS_STATUSES } from '../../src/diagnose/diagnosis.ts';
import { type Incident, STATUSES, TIMELINE_KINDS } from '../../src/incident/incident.ts';
import { OPENED, alert, incident } from './sample.ts';

/** Views as wide as the builders of `src/cards` can be handed, with these texts wherever a stranger writes; and their parts. */
export function hostileViews(hostile: fc.Arbitrary<string>, personId: fc.Arbitrary<string> = fc.constant('p:1')) {
  const url = fc.oneof(
    hostile,
    fc.constantFrom(
      'javascript:alert(1)',
      'https://user:secret@evil.example/',
      'http://[::1',
      'HTTPS://Ex.example/a b',
      'file:///etc/passwd',
    ),
    fc.webUrl(),
  );
  const labels = fc.dictionary(fc.oneof(fc.constantFrom('service', 'pod', 'cluster'), hostile), hostile, {
    maxKeys: 12,
  });
  const time = fc.integer({ min: OPENED, max: OPENED + 1e10 });
  const count = fc.integer({ min: 0, max: 500 });

  const incidents: fc.Arbitrary<Incident> = fc
    .record(
      {
        status: fc.constantFrom(...STATUSES),
        severity: fc.constantFrom('critical' as const, 'warning' as const, 'info' as const),
        title: hostile,
        summary: hostile,
        source: hostile,
        integration: hostile,
        labels,
        links: fc.array(fc.record({ kind: fc.constantFrom('graph' as const, 'runbook' as const), url }), {
          maxLength: 9,
        }),
        alertsCount: count,
        firingCount: count,
        acknowledgedAt: time,
        acknowledgedBy: hostile,
        resolvedAt: time,
        resolvedBy: hostile,
        resolvedReason: fc.constantFrom('alerts' as const, 'manual' as const, 'expired' as const),
        staleSince: time,
        silencedUntil: time,
        assignee: hostile,
        cause: hostile,
      },
      { requiredKeys: [] },
    )
    .map((changes) => incident(changes));

  const views: fc.Arbitrary<IncidentView> = fc.record(
    {
      incident: incidents,
      alerts: fc
        .array(fc.record({ labels, title: hostile }), { maxLength: 12 })
        .map((all) => all.map((changes) => alert('x', changes))),
      hints: fc.array(hostile, { maxLength: 4 }),
      timeline: fc.array(
        fc.record({
          at: time,
          kind: fc.constantFrom(...TIMELINE_KINDS),
          actor: fc.record({ id: hostile, name: hostile, via: hostile }),
          data: fc.dictionary(
            fc.oneof(fc.constantFrom('text', 'to', 'from', 'reason', 'status', 'cause'), hostile),
            fc.oneof(hostile, count),
            { maxKeys: 4 },
          ),
        }),
        { maxLength: 8 },
      ),
      diagnosis: fc.record(
        {
          id: fc.constant('diag-1'),
          incidentId: fc.constant('INC-20261122-042'),
          status: fc.constantFrom(...DIAGNOSIS_STATUSES),
          provider: hostile,
          promptVersion: hostile,
          family: hostile,
          summary: hostile,
          causes: fc.array(
            fc.record({
              statement: hostile,
              confidence: fc.double({ min: -1, max: 2, noNaN: true }),
              evidenceIds: fc.array(hostile, { maxLength: 9 }),
              key: hostile,
            }),
            { maxLength: 5 },
          ),
          steps: fc.array(
            fc.record({
              text: hostile,
              risk: fc.constantFrom('safe' as const, 'dangerous' as const),
              command: hostile,
            }),
            { maxLength: 8 },
          ),
          evidence: fc.array(
            fc.record({ id: hostile, source: hostile, title: hostile, query: hostile, text: hostile, at: time, url }),
            { maxLength: 10 },
          ),
          confidence: fc.constant(0.5),
          createdAt: time,
          decidedAt: time,
          decidedBy: hostile,
          rejectReason: hostile,
        },
        { noNullPrototype: true },
      ),
      people: fc.array(fc.record({ id: personId, name: hostile }), { maxLength: 60 }),
    },
    { requiredKeys: ['incident', 'alerts', 'hints', 'timeline'] },
  );

  return { url, labels, time, incidents, views };
}
