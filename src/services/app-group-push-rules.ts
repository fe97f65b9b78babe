import type { App } from '../domain/app.ts';
import { groupTarget } from '../domain/event-targets.ts';
import type { GroupPushConditions, GroupPushRule, TextCondition } from '../domain/group-push-rule.ts';
import type { EventTarget, NewLogEvent } from '../domain/log-event.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { newId, type AppId, type GroupPushRuleId } from '../lib/ids.ts';
import { provisioningEntryOf } from '../provisioning/open-connection.ts';
import { removeGroupPushes, setGroupPushStatus } from '../store/app-group-push.ts';
import * as store from '../store/app-group-push-rules.ts';
import { reviseApp } from '../store/apps.ts';
import type { Queryable, Tx } from '../store/database.ts';
import { appendEvents } from '../store/log-events.ts';
import { assertTakesGroups } from './app-group-push.ts';
import { beginAppChange, logAppEvent, requireApp } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { AppContext, Context } from './context.ts';
import { succeeded } from './log.ts';

export interface NewPushRule {
  readonly name: string;
  readonly conditions: GroupPushConditions;
  /** ACTIVE when left out: the mappings are made at once. */
  readonly status?: GroupPushRule['status'];
}

/** What becomes of a rule's mappings when it goes: they stay, are untied, or go with their groups in the app. */
export type MappingsOfRule = 'KEEP' | 'UNLINK' | 'DELETE';

/**
 * Gives an app every group that fits, those there are and those that come. Groups pushed already stay as they are.
 *
 * @throws {UsherError} `not_found` (app); `invalid_input` (name or condition, or the connection is off); `conflict`
 *   (name); `unsupported` for an app that cannot be given groups.
 */
export async function createPushRule(context: AppContext, appId: AppId, input: NewPushRule): Promise<GroupPushRule> {
  return context.db.transaction(async (tx) => {
    const app = await beginRuleChange(context, tx, appId);
    await assertTakesGroups(context, tx, app);
    const name = checkedName(input.name);
    assertConditions(input.conditions);
    const id = newId('group_push_rule');
    const { conditions, status = 'ACTIVE' } = input;
    const mayLink = provisioningEntryOf(context, app)?.capabilities.groups.link === true;
    await store.insertPushRule(tx, { id, appId, name, status, conditions, mayLink });
    await logRule(context, tx, app, { id, name }, 'created');
    await applyRules(context, tx, { ruleId: id });
    return requireRule(tx, app, id);
  });
}

/** One page in order of ids. @throws {UsherError} `not_found` (app) */
export async function listPushRules(
  context: Context,
  appId: AppId,
  page: { readonly after?: GroupPushRuleId; readonly limit: number },
): Promise<GroupPushRule[]> {
  await requireApp(context.db, appId);
  return store.listPushRules(context.db, appId, page);
}

/** @throws {UsherError} `not_found` (app or rule) */
export async function getPushRule(context: Context, appId: AppId, id: GroupPushRuleId): Promise<GroupPushRule> {
  return requireRule(context.db, await requireApp(context.db, appId), id);
}

/**
 * What is left out stays. With other conditions, mappings of groups that no longer fit are paused, and come back when
 * they do. INACTIVE lets no more come and leaves those there are alone.
 *
 * @throws {UsherError} `not_found` (app or rule), `invalid_input`, `conflict` (name).
 */
export async function updatePushRule(
  context: AppContext,
  appId: AppId,
  id: GroupPushRuleId,
  changes: Partial<NewPushRule>,
): Promise<GroupPushRule> {
  return context.db.transaction(async (tx) => {
    const app = await beginRuleChange(context, tx, appId);
    const before = await requireRule(tx, app, id);
    const name = changes.name === undefined ? before.name : checkedName(changes.name);
    const { conditions = before.conditions, status = before.status } = changes;
    assertConditions(conditions);
    await store.updatePushRule(tx, { id, name, status, conditions });
    await logRule(context, tx, app, { id, name }, 'updated');
    await applyRules(context, tx, { ruleId: id });
    return requireRule(tx, app, id);
  });
}

/** @throws {UsherError} `not_found` (app or rule); `unsupported` where the app's groups cannot be deleted. */
export async function deletePushRule(
  context: AppContext,
  appId: AppId,
  id: GroupPushRuleId,
  mappings: MappingsOfRule,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    const app = await beginRuleChange(context, tx, appId);
    const rule = await requireRule(tx, app, id);
    if (mappings === 'DELETE' && provisioningEntryOf(context, app)?.capabilities.groups.delete !== true) {
      throw new UsherError(
        'unsupported',
        `The groups of ${app.label} cannot be deleted from here. Untie them instead.`,
      );
    }
    if (mappings !== 'KEEP') {
      await removeGroupPushes(tx, await store.mappingIdsOfRule(tx, id), mappings === 'DELETE');
      const eventType = 'application.provision.group_push.mapping.and.groups.deleted.rule.deleted';
      const debug = { rule: rule.name, mappings: rule.mappings, groupsDeleted: mappings === 'DELETE' };
      await logAppEvent(context, tx, app, eventType, { debug });
    }
    await store.deletePushRule(tx, id);
    await logRule(context, tx, app, rule, 'deleted');
    await context.queue.signalApps(tx, [appId]);
  });
}

/**
 * The groups some conditions fit, without making anything of it.
 *
 * @throws {UsherError} `not_found` (app), `invalid_input`.
 */
export async function previewPushRule(
  context: Context,
  appId: AppId,
  conditions: GroupPushConditions,
): Promise<{ readonly total: number; readonly groups: readonly store.FittingGroup[] }> {
  await requireApp(context.db, appId);
  assertConditions(conditions);
  return store.findFittingGroups(context.db, appId, conditions, previewMax);
}

/**
 * Makes the mappings that active rules want and that are not there, and pauses or resumes those whose group has
 * changed. Call it for groups that are new or have another name or description, in the same transaction.
 */
export async function applyRules(context: Context, tx: Tx, scope: store.RuleScope): Promise<void> {
  const { fresh, taken } = sortMatches(await store.findRuleMatches(tx, scope));
  if (fresh.length > 0) await store.insertRuleMappings(tx, fresh);
  const turned = await store.findTurnedMappings(tx, scope);
  for (const { id, fits } of turned) await setGroupPushStatus(tx, id, fits ? 'ACTIVE' : 'INACTIVE', { byRule: true });
  await appendEvents(tx, [
    ...fresh.map(({ match }) =>
      succeeded(context, 'app.user_management.grouppush.mapping.created.from.rule', targets(match)),
    ),
    ...taken.map((match) => duplicate(context, match)),
    ...turned.map((mapping) =>
      succeeded(
        context,
        mapping.fits
          ? 'application.provision.group_push.activate_mapping'
          : 'application.provision.group_push.mapping.deactivated.source.group.renamed',
        targets({ ...mapping, name: mapping.groupName }),
      ),
    ),
  ]);
  const appIds = [...new Set([...fresh.map(({ match }) => match.appId), ...turned.map((mapping) => mapping.appId)])];
  for (const appId of appIds.sort()) await reviseApp(tx, appId);
  if (appIds.length > 0) await context.queue.signalApps(tx, appIds);
}

const previewMax = 100;
const nameMax = 100;
const valueMax = 255;

/** A group gets one mapping per app, from the oldest rule, and a group of the app is filled by one. */
function sortMatches(matches: readonly store.RuleMatch[]): {
  readonly fresh: readonly store.NewRuleMapping[];
  readonly taken: readonly store.RuleMatch[];
} {
  const pushed = new Set<string>();
  const names = new Set<string>();
  const fresh: store.NewRuleMapping[] = [];
  const taken: store.RuleMatch[] = [];
  for (const match of matches) {
    const group = `${match.appId} ${match.groupId}`;
    const name = `${match.appId} ${match.name.toLowerCase()}`;
    if (pushed.has(group)) continue;
    if (match.target?.free === false || names.has(name)) taken.push(match);
    else fresh.push({ id: newId('group_push'), match, targetGroupId: match.target?.id ?? newId('group') });
    pushed.add(group);
    names.add(name);
  }
  return { fresh, taken };
}

function targets(of: {
  readonly appId: AppId;
  readonly appLabel: string;
  readonly groupId: store.RuleMatch['groupId'];
  readonly name: string;
}): EventTarget[] {
  const app: EventTarget = { id: of.appId, type: 'AppInstance', alternateId: of.appLabel, displayName: of.appLabel };
  return [groupTarget({ id: of.groupId, name: of.name }), app];
}

function duplicate(context: Context, match: store.RuleMatch): NewLogEvent {
  const eventType = 'app.user_management.grouppush.mapping.created.from.rule.error.duplicate';
  const reason = `${match.appLabel} has a group named ${match.name} that is filled from elsewhere or cannot be taken over. Rename one of the two, or push the group by hand to another name.`;
  return { ...succeeded(context, eventType, targets(match)), outcome: 'FAILURE', reason };
}

async function beginRuleChange(context: Context, tx: Tx, appId: AppId): Promise<App> {
  const app = await beginAppChange(tx, appId);
  await authorize(context, tx, 'apps.manage', { apps: [appId] });
  // Whoever gives groups to an app shows their members there, and a rule may mean any group.
  await authorize(context, tx, 'groups.read');
  return app;
}

async function requireRule(db: Queryable, app: App, id: GroupPushRuleId): Promise<GroupPushRule> {
  const rule = await store.findPushRule(db, app.id, id);
  if (rule !== undefined) return rule;
  throw new UsherError('not_found', `${app.label} has no push rule with the id ${id}.`);
}

async function logRule(
  context: Context,
  tx: Tx,
  app: App,
  rule: Pick<GroupPushRule, 'id' | 'name'>,
  change: 'created' | 'updated' | 'deleted',
): Promise<void> {
  const debug = { groupPushRule: rule.name, groupPushRuleId: rule.id, change };
  await logAppEvent(context, tx, app, 'application.configuration.update', { debug });
}

function checkedName(given: string): string {
  const name = given.trim();
  if (name === '') throw invalid([{ field: 'name', reason: 'The field cannot be left blank' }]);
  if (/\p{Cc}/u.test(name)) throw invalid([{ field: 'name', reason: 'must not contain a control character' }]);
  if (name.length > nameMax) throw invalid([{ field: 'name', reason: `must have at most ${nameMax} characters` }]);
  return name;
}

function assertConditions({ name, description, groupTypes }: GroupPushConditions): void {
  if (name === undefined && description === undefined) {
    throw invalid([{ field: 'conditions', reason: 'must ask for something of the name or the description' }]);
  }
  if (groupTypes.length === 0) throw invalid([{ field: 'conditions.groupTypes', reason: 'must name a type' }]);
  const causes = [...textProblems('conditions.name', name), ...textProblems('conditions.description', description)];
  if (causes.length > 0) throw invalid(causes);
}

function textProblems(field: string, condition: TextCondition | undefined): ErrorCause[] {
  if (condition === undefined) return [];
  if (condition.value.trim() === '') return [{ field: `${field}.value`, reason: 'The field cannot be left blank' }];
  if (/\p{Cc}/u.test(condition.value)) {
    return [{ field: `${field}.value`, reason: 'must not contain a control character' }];
  }
  return condition.value.length > valueMax
    ? [{ field: `${field}.value`, reason: `must have at most ${valueMax} characters` }]
    : [];
}

function invalid(causes: readonly ErrorCause[]): UsherError {
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  return new UsherError('invalid_input', `The push rule cannot be: ${sentences}.`, { causes });
}
