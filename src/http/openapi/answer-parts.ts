import { Type, type TProperties, type TSchema } from 'typebox';

/** An object with a name of its own in the reference, e.g. `User`. */
export function named<Properties extends TProperties>(name: string, description: string, properties: Properties) {
  return Type.Object(properties, { $id: name, description });
}

export const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
export const TextOrNull = orNull(Type.String());

export const Moment = Type.String({ format: 'date-time' });
export const MomentOrNull = orNull(Moment);

/** An object whose properties are the caller's, the app's or the schema's. */
export const AnyProperties = Type.Object({}, { additionalProperties: true });
export const AnyValue = Type.Unknown();
/** By reference: `user.title`, `slack_1.nickName`. */
export const Reads = Type.Record(Type.String(), AnyValue, {
  description: 'What the expression looks at, with its value',
});
/** `{}`: done, and nothing to say. */
export const Nothing = Type.Object({});

export const Link = named('HrefObject', 'A link, and what may be done at it.', {
  href: Type.String(),
  name: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  method: Type.Optional(Type.String()),
  rel: Type.Optional(Type.String()),
  hints: Type.Optional(Type.Object({ allow: Type.Array(Type.String()) })),
});

/** `_links` of which these are always there, and others as the state of the thing allows. */
export const linksWith = <Name extends string>(...names: readonly Name[]) =>
  Type.Object(Object.fromEntries(names.map((name) => [name, Link])), {
    additionalProperties: Type.Union([Link, Type.Array(Link)]),
  });
