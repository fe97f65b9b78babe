import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { adminRoutes } from './admins.ts';
import { usherTokenRoutes } from './api-tokens.ts';
import { appDuplicateRoutes } from './app-duplicates.ts';
import { provisioningRoutes } from './app-provisioning.ts';
import { appLogoRoutes } from './app-logos.ts';
import { usherAppRoutes } from './apps.ts';
import { assignmentRunRoutes } from './assignment-runs.ts';
import { catalogRoutes } from './catalog.ts';
import { usherConnectionRoutes } from './connections.ts';
import { usherGroupPushRoutes } from './group-push.ts';
import { explanationRoutes } from './explanations.ts';
import { importRoutes } from './imports.ts';
import { planRoutes } from './plans.ts';
import { meRoutes } from './me.ts';
import { probeRoutes } from './probes.ts';
import { runRoutes } from './runs.ts';
import { sessionRoutes } from './session.ts';
import { systemRoutes } from './system.ts';
import { unprovisionedRoutes } from './unprovisioned.ts';
import { wizardRoutes } from './wizards.ts';
import { taskRoutes } from './tasks.ts';

/** Everything under `/usher/v1`: what Okta has no endpoint for, in the same style. Unknown properties are refused. */
export async function usherRoutes(api: Api, deps: ServerDeps): Promise<void> {
  sessionRoutes(api, deps);
  meRoutes(api, deps);
  catalogRoutes(api, deps);
  usherAppRoutes(api, deps);
  appDuplicateRoutes(api, deps);
  explanationRoutes(api, deps);
  provisioningRoutes(api, deps);
  appLogoRoutes(api, deps);
  usherConnectionRoutes(api, deps);
  probeRoutes(api, deps);
  wizardRoutes(api, deps);
  usherGroupPushRoutes(api, deps);
  runRoutes(api, deps);
  planRoutes(api, deps);
  unprovisionedRoutes(api, deps);
  taskRoutes(api, deps);
  systemRoutes(api, deps);
  usherTokenRoutes(api, deps);
  adminRoutes(api, deps);
  await importRoutes(api, deps);
  await assignmentRunRoutes(api, deps);
}
