import { planRuns } from '../plans/compute.ts';
import type { RunKind } from './kind.ts';

/** Every kind of bulk work there is, by the name runs of it bear. */
export const runKinds: { readonly [kind: string]: RunKind | undefined } = {
  people_import: { permission: 'users.import' },
  rule_evaluation: { permission: 'rules.manage' },
  plan: planRuns,
};
