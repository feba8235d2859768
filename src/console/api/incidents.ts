import { z } from 'zod';
import { STATUSES } from '../../incident/incident.ts';
import type { IncidentId } from '../../incident/incident.ts';
import { readIncidentRef } from '../../operations/incident-ref.ts';
import { act } from './act.ts';
import { deliveryJson, deliveryShape } from './deliveries.ts';
import { diagnosisJson, diagnosisShape } from './diagnosis-json.ts';
import { evidenceJson, evidenceList } from './evidence-json.ts';
import { alertJson, alertShape, incidentJson, incidentShape, timelineJson, timelineShape } from './incident-json.ts';
import type { ApiDeps } from './ports.ts';
import { type Route, notFound, route } from './route.ts';
import { given, listOf, narrowing, pageJson, pageOf, paging, pagingQuery, slice } from './schemas.ts';

const MOST_ENTRIES = 1000;

const listQuery = z.object({
  ...paging,
  ...narrowing,
  status: listOf(STATUSES).optional().describe('open, acknowledged, resolved; several by commas'),
});

const one = async (params: Readonly<Record<string, string>>, { ports, clock, timezone }: ApiDeps) => {
  const id = readIncidentRef(params['id'] ?? '', clock.now(), timezone);
  const incident = id === undefined ? undefined : await ports.incidents.get(id);
  if (incident === undefined) throw notFound('incident', params['id']);
  return incident;
};

const current = async (id: IncidentId, { story }: ApiDeps) => (await story.currentDiagnoses([id])).get(id);

export const incidentRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/incidents',
    summary: 'Incidents, latest opened first',
    query: listQuery,
    data: pageOf(incidentShape),
    run: async ({ query }, { ports, story }) => {
      const page = await ports.incidents.list({ ...given(query), limit: query.limit });
      const diagnoses = await story.currentDiagnoses(page.items.map(({ id }) => id));
      return { data: pageJson(page, (incident) => incidentJson(incident, diagnoses.get(incident.id))) };
    },
  }),
  route({
    method: 'get',
    path: '/incidents/:id',
    summary: 'One incident',
    data: incidentShape,
    run: async ({ params }, deps) => {
      const incident = await one(params, deps);
      return { data: incidentJson(incident, await current(incident.id, deps)) };
    },
  }),
  route({
    method: 'get',
    path: '/incidents/:id/timeline',
    summary: 'What happened to it, newest first',
    query: pagingQuery,
    data: pageOf(timelineShape),
    run: async ({ params, query }, deps) => {
      const { id } = await one(params, deps);
      return { data: pageJson(slice(await deps.story.timeline(id, MOST_ENTRIES), query), timelineJson) };
    },
  }),
  route({
    method: 'get',
    path: '/incidents/:id/alerts',
    summary: 'Its alerts, latest episode first',
    query: pagingQuery,
    data: pageOf(alertShape),
    run: async ({ params, query }, deps) => {
      const { id } = await one(params, deps);
      const page = await deps.alerts.list({ ...given(query), limit: query.limit, incidentId: id });
      return { data: pageJson(page, alertJson) };
    },
  }),
  route({
    method: 'get',
    path: '/incidents/:id/deliveries',
    summary: 'Where it is shown and what was sent about it',
    query: pagingQuery,
    data: pageOf(deliveryShape),
    run: async ({ params, query }, deps) => {
      const { id } = await one(params, deps);
      const page = await deps.ports.deliveries.list({ ...given(query), limit: query.limit, incidentId: id });
      return { data: pageJson(page, deliveryJson) };
    },
  }),
  route({
    method: 'get',
    path: '/incidents/:id/diagnoses',
    summary: 'Its diagnoses, newest first',
    query: pagingQuery,
    data: pageOf(diagnosisShape),
    run: async ({ params, query }, deps) => {
      const { id } = await one(params, deps);
      return { data: pageJson(slice(await deps.story.diagnoses(id), query), diagnosisJson) };
    },
  }),
  route({
    method: 'get',
    path: '/incidents/:id/evidence',
    summary: 'What its latest diagnosis stands on',
    query: pagingQuery,
    data: pageOf(evidenceList.element),
    run: async ({ params, query }, deps) => {
      const { id } = await one(params, deps);
      const [latest] = await deps.story.diagnoses(id);
      return { data: slice(evidenceJson(latest), query) };
    },
  }),
  act,
];
