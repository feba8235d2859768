import { alertRoutes } from './alerts.ts';
import { auditRoutes } from './audit.ts';
import { bindingRoutes } from './bindings.ts';
import { changeRoutes } from './changes.ts';
import { deliveryRoutes } from './deliveries.ts';
import { incidentRoutes } from './incidents.ts';
import { integrationRoutes } from './integrations.ts';
import { operatorRoutes } from './operators.ts';
import { priceRoutes } from './prices.ts';
import { providerRoutes } from './providers.ts';
import { quotaRoutes } from './quotas.ts';
import type { Route } from './route.ts';
import { runbookRoutes } from './runbooks.ts';
import { silenceRoutes } from './silences.ts';
import { targetRoutes } from './targets.ts';
import { usageRoutes } from './usage.ts';

/** The whole interface below `/api/v1`, besides its own description. */
export const ROUTES: readonly Route[] = [
  ...incidentRoutes,
  ...alertRoutes,
  ...targetRoutes,
  ...bindingRoutes,
  ...deliveryRoutes,
  ...silenceRoutes,
  ...operatorRoutes,
  ...integrationRoutes,
  ...providerRoutes,
  ...quotaRoutes,
  ...priceRoutes,
  ...usageRoutes,
  ...changeRoutes,
  ...runbookRoutes,
  ...auditRoutes,
];
