import type { AttributeDefinition } from '../domain/profile-schema.ts';
import { definitionProblem } from '../domain/user-schema.ts';
import { UsherError, type ErrorCause } from '../lib/errors.ts';
import { appendEvents } from '../store/log-events.ts';
import * as store from '../store/group-schema.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';
import { succeeded } from './log.ts';

/** Custom attributes to add, to define anew, or with null to remove together with every group's values. */
export type GroupSchemaChanges = { readonly [variable: string]: AttributeDefinition | null };

/** @throws {UsherError} `invalid_input`, a cause per attribute. */
export function updateGroupSchema(context: Context, changes: GroupSchemaChanges): Promise<store.GroupSchema> {
  return context.db.transaction(async (tx) => {
    await authorize(context, tx, 'schemas.manage');
    const schema = await store.lockGroupSchema(tx);
    const causes = Object.entries(changes).flatMap(([variable, definition]): ErrorCause[] => {
      const reason =
        definition !== null
          ? definitionProblem(schema.base, variable, definition)
          : Object.hasOwn(schema.base, variable)
            ? `'${variable}' is a base attribute`
            : undefined;
      return reason === undefined ? [] : [{ field: variable, reason }];
    });
    if (causes.length > 0) {
      const reasons = causes.map(({ reason }) => reason).join('; ');
      throw new UsherError('invalid_input', `The schema cannot be changed. ${reasons}.`, { causes });
    }
    const removed = Object.keys(changes).filter((variable) => changes[variable] === null);
    const kept = Object.entries({ ...schema.custom, ...changes }).flatMap(([variable, definition]) =>
      definition === null ? [] : [[variable, definition] as const],
    );
    await store.updateGroupSchema(tx, schema.id, Object.fromEntries(kept));
    if (removed.length > 0) await store.forgetGroupAttributes(tx, removed);
    const attributes = Object.keys(changes).sort().join(',');
    await appendEvents(tx, [succeeded(context, 'directory.user_profile.update', [], { schema: 'group', attributes })]);
    return store.findGroupSchema(tx);
  });
}
