import { Type } from 'typebox';
import type { AppSchemaChanges } from '../../../services/app-schemas.ts';
import { defined } from '../../query-values.ts';
import { Nullable } from '../schema.ts';
import { customAttributes, SchemaBody } from './attribute-body.ts';

/** What is taken of a base attribute of an app; clients send it whole, as they were shown it. */
const BaseAttributeBody = Type.Object({
  title: Nullable(Type.String()),
  description: Nullable(Type.String()),
  type: Nullable(Type.String()),
  required: Nullable(Type.Boolean()),
});
const BaseBody = Type.Object({
  definitions: Nullable(
    Type.Object({
      base: Nullable(
        Type.Object({
          properties: Nullable(Type.Record(Type.String(), Type.Union([BaseAttributeBody, Type.Null()]))),
        }),
      ),
    }),
  ),
});

/** A part of an app's schema document: custom attributes to add, define anew or remove, and base attributes to change. */
export const AppSchemaBody = Type.Intersect([SchemaBody, BaseBody]);

/** The changes it asks for, in our words. */
export function appSchemaChanges(body: Type.Static<typeof AppSchemaBody>): AppSchemaChanges {
  const base: Type.Static<typeof BaseBody> = body;
  const given = Object.entries(base.definitions?.base?.properties ?? {});
  return {
    custom: customAttributes(body),
    base: Object.fromEntries(
      given.map(([attribute, changes]) => [
        attribute,
        changes === null
          ? null
          : defined({
              title: changes.title ?? undefined,
              description: changes.description ?? undefined,
              type: changes.type ?? undefined,
              required: changes.required ?? undefined,
            }),
      ]),
    ),
  };
}
