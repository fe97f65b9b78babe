import { planRuns } from '../plans/compute.ts';
import { assignmentRuns } from './assignments.ts';
import type { RunKind } from './kind.ts';
import { matchingRuns } from './matching.ts';
import { provisioningRuns } from './provisioning.ts';
import { synchronizationRuns } from './synchronization.ts';

/** Every kind of bulk work there is, by the name runs of it bear. */
export const runKinds: { readonly [kind: string]: RunKind | undefined } = {
  people_import: { permission: 'users.import' },
  rule_evaluation: { permission: 'rules.manage' },
  plan: planRuns,
  app_assignment: assignmentRuns,
  account_matching: matchingRuns,
  provisioning: provisioningRuns,
  synchronization: synchronizationRuns,
};
