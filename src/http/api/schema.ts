import type { FastifyRequest } from 'fastify';
import { Type, type TSchema } from 'typebox';
import type { Profile } from '../../domain/profile.ts';
import type { JsonObject } from '../../lib/json.ts';

/** Clients send null for what is not set as often as they leave it out. */
export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]));

/** An id, typed as one: whether there is such a thing is for the service to say. */
export const IdOf = <Id extends string>() => Type.Unsafe<Id>(Type.String());

/** Any JSON object; what may be in it is for the service to say. */
export const AnyObject = Type.Unsafe<JsonObject>(Type.Object({}));
export const ProfileBody = Type.Unsafe<Profile>(Type.Object({}));

/** Query values come as text; `pageLimit`, `afterOf` and `flag` read them. */
export const Text = Type.Optional(Type.String());
export const PageQuery = { limit: Text, after: Text };

/** A `preValidation` for routes where no body says as much as an empty one. */
export async function bodyOptional(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
