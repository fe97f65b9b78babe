import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { apiTokenRoutes } from './api-tokens/routes.ts';
import { appGroupRoutes } from './app-groups/routes.ts';
import { appUserRoutes } from './app-users/routes.ts';
import { logoUploadRoutes } from './apps/logo-routes.ts';
import { appRoutes } from './apps/routes.ts';
import { signOnRoutes } from './apps/sign-on-routes.ts';
import { connectionRoutes } from './connections/routes.ts';
import { featureRoutes } from './features/routes.ts';
import { groupRuleRoutes } from './group-rules/routes.ts';
import { groupPushRoutes } from './group-push/routes.ts';
import { groupOwnerRoutes } from './group-owners/routes.ts';
import { groupRoutes } from './groups/routes.ts';
import { logRoutes } from './logs/routes.ts';
import { appUserTypeRoutes, reapplyRoutes } from './mappings/reapply-routes.ts';
import { mappingRoutes } from './mappings/routes.ts';
import { policyRoutes } from './policies/routes.ts';
import { roleRoutes } from './roles/routes.ts';
import { schemaRoutes } from './schemas/routes.ts';
import { orgRoutes } from './organization.ts';
import { userTypeRoutes } from './user-types/routes.ts';
import { userRoutes } from './users/routes.ts';

/** Everything under `/api/v1`: Okta's paths and Okta's JSON. */
export function apiRoutes(api: Api, deps: ServerDeps): void {
  userRoutes(api, deps);
  groupRoutes(api, deps);
  groupOwnerRoutes(api, deps);
  groupRuleRoutes(api, deps);
  appRoutes(api, deps);
  signOnRoutes(api, deps);
  policyRoutes(api, deps);
  void api.register(async (forms: Api) => logoUploadRoutes(forms, deps));
  appUserRoutes(api, deps);
  appGroupRoutes(api, deps);
  connectionRoutes(api, deps);
  featureRoutes(api, deps);
  mappingRoutes(api, deps);
  appUserTypeRoutes(api, deps);
  groupPushRoutes(api, deps);
  schemaRoutes(api, deps);
  userTypeRoutes(api, deps);
  logRoutes(api, deps);
  apiTokenRoutes(api, deps);
  orgRoutes(api, deps);
  roleRoutes(api, deps);
}

/** Under `/api/internal/v1`: what Okta has not published and its Terraform provider uses all the same. */
export function internalRoutes(api: Api, deps: ServerDeps): void {
  reapplyRoutes(api, deps);
}
