import type { WizardAssignments } from '../domain/wizard.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { WizardId } from '../lib/ids.ts';
import { findGroups } from '../store/groups.ts';
import { findUsers } from '../store/users.ts';
import { findWizardLogo, updateWizard } from '../store/wizards.ts';
import { logoTypeOf } from './app-logos.ts';
import { assertLabel } from './app-settings.ts';
import type { AppContext } from './context.ts';
import { change, getWizard, openWizard, type WizardView } from './wizards.ts';

// What is chosen of an app besides the steps: nothing rests on it, and it may be changed at any time.

export const nobody: WizardAssignments = { userIds: [], groupIds: [] };

/** What the app to be made is called. @throws {UsherError} `invalid_input`; an app that is there keeps its label. */
export async function renameWizard(context: AppContext, id: WizardId, text: string): Promise<WizardView> {
  const label = text.trim();
  assertLabel(label);
  return change(context, id, undefined, (draft, { appId }) => {
    if (appId !== null) throw invalid([{ field: 'label', reason: 'is the existing app’s own' }]);
    return { draft, label };
  });
}

/** Who gets the app when it is turned on, in place of who was to get it. @throws {UsherError} `invalid_input` */
export async function setWizardAssignments(
  context: AppContext,
  id: WizardId,
  { userIds, groupIds }: WizardAssignments,
): Promise<WizardView> {
  await context.db.transaction(async (tx) => {
    const { draft } = await openWizard(context, tx, id);
    const people = new Map((await findUsers(tx, userIds)).map((user) => [user.id, user.status]));
    const groups = new Set((await findGroups(tx, groupIds)).map((group) => group.id));
    const causes = [
      ...userIds.flatMap((each) => {
        const status = people.get(each);
        if (status !== undefined && status !== 'DEPROVISIONED') return [];
        const reason = `${each} ${status === undefined ? 'is not the id of a user' : 'is deactivated'}`;
        return [{ field: 'userIds', reason }];
      }),
      ...groupIds
        .filter((each) => !groups.has(each))
        .map((each) => ({ field: 'groupIds', reason: `${each} is not the id of a group` })),
    ];
    if (causes.length > 0) throw invalid(causes);
    const assignments = { userIds: [...new Set(userIds)], groupIds: [...new Set(groupIds)] };
    await updateWizard(tx, id, { draft: { ...draft, assignments } });
  });
  return getWizard(context, id);
}

/** Keeps a logo for the app; undefined takes it away. @throws {UsherError} `invalid_input` for what is no picture. */
export async function setWizardLogo(
  context: AppContext,
  id: WizardId,
  bytes: Uint8Array | undefined,
): Promise<WizardView> {
  const type = bytes === undefined ? undefined : logoTypeOf(bytes);
  return change(context, id, undefined, ({ logoType: _, ...draft }) => ({
    draft: type === undefined ? draft : { ...draft, logoType: type },
    logo: bytes ?? null,
  }));
}

/** @throws {UsherError} `not_found` */
export async function getWizardLogo(
  context: AppContext,
  id: WizardId,
): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
  const { label, draft } = await getWizard(context, id);
  const bytes = await findWizardLogo(context.db, id);
  if (bytes !== undefined && draft.logoType !== undefined) return { type: draft.logoType, bytes };
  throw new UsherError('not_found', `No logo has been chosen for ${label}.`);
}

function invalid(causes: readonly ErrorCause[]): UsherError {
  const sentences = causes.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  return new UsherError('invalid_input', `The wizard cannot keep this: ${sentences}.`, { causes });
}
