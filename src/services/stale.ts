import { appTopics, topicPermissions, topics, type Topic } from '../domain/topic.ts';
import { allows, appCovered, appsWithin, type AppScope, type Rights } from '../domain/rights.ts';
import type { AppId, RunId } from '../lib/ids.ts';
import type { Changes, NamedApp } from './change-feed.ts';

/** What somebody's pages show that is stale. It names nothing they may not see. */
export interface Stale {
  /** `mine`: what they see of themselves, whatever role they have. */
  readonly topics: readonly (Topic | 'mine')[];
  /** The apps that the topics about apps are about; null: any. */
  readonly apps: readonly AppId[] | null;
  readonly runs: readonly RunId[];
}

/** Undefined where nothing they may see has changed. */
export function staleFor(
  { userId, rights }: { readonly userId: string; readonly rights: Rights },
  changes: Changes,
): Stale | undefined {
  const scope = appsWithin(rights, 'apps.read');
  const apps = changes.apps?.filter((app) => covers(scope, app)).map(({ id }) => id) ?? null;
  const noneOfTheirs = scope !== 'all' && apps?.length === 0;
  const runScope = appsWithin(rights, 'runs.read');
  const runs = changes.runs.filter(({ startedBy, app }) => startedBy === userId || covers(runScope, app));
  const told = topics.filter(
    (topic) =>
      changes.topics.has(topic) &&
      allows(rights, topicPermissions[topic]) &&
      !(appTopics.includes(topic) && noneOfTheirs) &&
      !(topic === 'runs' && runs.length === 0),
  );
  const mine = changes.people === null || changes.people.has(userId) || changes.topics.has('apps');
  if (told.length === 0 && !mine) return undefined;
  return {
    topics: mine ? [...told, 'mine'] : told,
    apps: allows(rights, 'apps.read') ? apps : [],
    runs: allows(rights, 'runs.read') ? runs.map(({ id }) => id) : [],
  };
}

function covers(scope: AppScope, app: NamedApp | null): boolean {
  if (scope === 'all') return true;
  return app !== null && scope.some((target) => appCovered({ name: app.name, appId: app.id }, target));
}
