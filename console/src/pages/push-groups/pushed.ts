import type { Schemas } from '../../api/client';
import type { Tone } from '../../parts/badge';
import { t } from '../../text';

const { deleted, membersOf, states } = t.pushGroups;

export type Pushed = Schemas['PushedGroup'];

export function nameOfPush(push: Pushed): string {
  return push.sourceName ?? deleted;
}

/** How many members the app has of those it is to have. Before the first push nobody has counted them. */
export function membersIn({ lastPush, membersInApp, membersWanted }: Pushed): string {
  return lastPush === null ? '–' : membersOf(membersInApp, membersWanted);
}

export function stateOf({ status, syncState, pausedByRule }: Pushed): readonly [Tone, string] {
  if (status === 'INACTIVE') return ['quiet', pausedByRule ? states.pausedByRule : states.paused];
  if (status === 'ERROR') return ['bad', states.error];
  if (syncState === 'SYNCING') return ['info', states.working];
  return syncState === 'SYNCHRONIZED' ? ['good', states.synchronized] : ['info', states.waiting];
}
