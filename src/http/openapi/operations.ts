import { apiTokenOperations } from '../api/api-tokens/operations.ts';
import { appGroupOperations } from '../api/app-groups/operations.ts';
import { appUserOperations } from '../api/app-users/operations.ts';
import { appOperations } from '../api/apps/operations.ts';
import { signOnOperations } from '../api/apps/sign-on-operations.ts';
import { connectionOperations } from '../api/connections/operations.ts';
import { featureOperations } from '../api/features/operations.ts';
import { groupRuleOperations } from '../api/group-rules/operations.ts';
import { groupPushOperations } from '../api/group-push/operations.ts';
import { groupOwnerOperations } from '../api/group-owners/operations.ts';
import { groupOperations } from '../api/groups/operations.ts';
import { logOperations } from '../api/logs/operations.ts';
import { reapplyOperations } from '../api/mappings/reapply-operations.ts';
import { mappingOperations } from '../api/mappings/operations.ts';
import { organizationOperations } from '../api/organization-operations.ts';
import { policyOperations } from '../api/policies/operations.ts';
import { roleOperations } from '../api/roles/operations.ts';
import { schemaOperations } from '../api/schemas/operations.ts';
import { userTypeOperations } from '../api/user-types/operations.ts';
import { userOperations } from '../api/users/operations.ts';
import { healthOperations } from '../health-operations.ts';
import { accountOperations } from '../usher/accounts-operations.ts';
import { appDuplicateOperations } from '../usher/app-duplicates-operations.ts';
import { usherAppOperations } from '../usher/apps-operations.ts';
import { assignmentRunOperations } from '../usher/assignment-runs-operations.ts';
import { catalogOperations } from '../usher/catalog-operations.ts';
import { usherConnectionOperations } from '../usher/connections-operations.ts';
import { planOperations } from '../usher/plans-operations.ts';
import { probeOperations } from '../usher/probes-operations.ts';
import { usherGroupPushOperations } from '../usher/group-push-operations.ts';
import { schemaDiscoveryOperations } from '../usher/schema-discovery-operations.ts';
import { figureOperations } from '../usher/figures-operations.ts';
import { usherMappingOperations } from '../usher/mappings-operations.ts';
import { egressOperations } from '../usher/egress-operations.ts';
import { eventOperations } from '../usher/events-operations.ts';
import { identityProviderOperations } from '../usher/identity-providers-operations.ts';
import { explanationOperations } from '../usher/explanations-operations.ts';
import { keyOperations } from '../usher/keys-operations.ts';
import { usherLogOperations } from '../usher/logs-operations.ts';
import { groupUseOperations } from '../usher/group-uses-operations.ts';
import { rulePreviewOperations } from '../usher/rule-preview-operations.ts';
import { reportOperations } from '../usher/reports-operations.ts';
import { runOperations } from '../usher/runs-operations.ts';
import { sessionOperations } from '../usher/session-operations.ts';
import { setUpOperations } from '../usher/set-up-operations.ts';
import { systemOperations } from '../usher/system-operations.ts';
import { wizardOperations } from '../usher/wizards-operations.ts';
import { taskOperations } from '../usher/tasks-operations.ts';
import { documentOperations } from './document-operations.ts';
import type { Operation, OperationGroup } from './operation.ts';

/** Everything the reference describes, in the order it is shown. */
export const operationGroups: readonly OperationGroup[] = [
  userOperations,
  groupOperations,
  groupOwnerOperations,
  groupUseOperations,
  groupRuleOperations,
  rulePreviewOperations,
  appOperations,
  signOnOperations,
  policyOperations,
  appUserOperations,
  appGroupOperations,
  connectionOperations,
  featureOperations,
  mappingOperations,
  reapplyOperations,
  groupPushOperations,
  schemaOperations,
  userTypeOperations,
  logOperations,
  usherLogOperations,
  reportOperations,
  roleOperations,
  apiTokenOperations,
  organizationOperations,
  catalogOperations,
  usherAppOperations,
  figureOperations,
  accountOperations,
  appDuplicateOperations,
  usherMappingOperations,
  schemaDiscoveryOperations,
  explanationOperations,
  usherConnectionOperations,
  assignmentRunOperations,
  probeOperations,
  wizardOperations,
  usherGroupPushOperations,
  runOperations,
  planOperations,
  sessionOperations,
  identityProviderOperations,
  keyOperations,
  egressOperations,
  eventOperations,
  taskOperations,
  systemOperations,
  setUpOperations,
  healthOperations,
  documentOperations,
];

export interface DescribedOperation extends Operation {
  readonly tag: string;
}

/** By method and path, as in `GET /api/v1/users/:userId`. */
export const operationsByRoute: ReadonlyMap<string, DescribedOperation> = new Map(
  operationGroups.flatMap(({ tag, operations }) =>
    Object.entries(operations).map(([route, operation]) => [route, { ...operation, tag }] as const),
  ),
);
