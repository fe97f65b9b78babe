import type { TSchema } from 'typebox';
import type { JsonObject } from '../../lib/json.ts';

/** What the API reference says of a route besides what the route's own schemas say. */
export interface Operation {
  /** The method's name in Okta's SDKs where Okta has the operation. */
  readonly id: string;
  /** One line without a full stop: what the caller gets done. */
  readonly summary: string;
  /** What else there is to know before calling it. */
  readonly description?: string;
  /** Every success, by status. Failures have one shape everywhere. */
  readonly answers: { readonly [status: number]: Answer };
  /** What a parameter means here, where it is not what its name means everywhere. */
  readonly parameters?: { readonly [parameter: string]: string };
  /** A body that is taken. Ids in it are the ones in `src/http/openapi/example-ids.ts`. */
  readonly example?: JsonObject | readonly JsonObject[];
  /** The media type of the body where it is not JSON; a form has one field, `file`. */
  readonly takes?: string;
}

export interface Answer {
  readonly description: string;
  /** Undefined: no body. Objects in it are closed unless they say otherwise: an answer has nothing that is not said here. */
  readonly schema?: TSchema;
  /** Default `application/json`. `image/*` stands for any picture. */
  readonly mediaType?: string;
  /** Another media type the caller may ask for; what that holds is the same. */
  readonly alsoAs?: string;
}

/** Operations that belong together, by method and whole path as the router knows it: `GET /api/v1/users/:userId`. */
export interface OperationGroup {
  readonly tag: string;
  readonly about: string;
  readonly operations: { readonly [route: string]: Operation };
}

/** The usual success. */
export function ok(schema: TSchema, description = 'Done'): Operation['answers'] {
  return { 200: { description, schema } };
}

export const noContent: Operation['answers'] = { 204: { description: 'Done; there is nothing to say' } };
