import type { AttributeDefinition, AttributeDefinitions } from '../../../domain/profile-schema.ts';
import { oktaDate } from '../dates.ts';

export interface SchemaDocument {
  /** What the schema is at, and its id. */
  readonly url: string;
  readonly name: string;
  readonly title: string;
  readonly base: AttributeDefinitions;
  readonly custom: AttributeDefinitions;
  readonly created: Date;
  readonly lastUpdated: Date;
}

/** A profile schema as Okta's JSON Schema document (draft 4): attributes in two definitions, joined by the profile. */
export function presentSchema({ url, name, title, base, custom, created, lastUpdated }: SchemaDocument) {
  return {
    id: url,
    $schema: 'http://json-schema.org/draft-04/schema#',
    name,
    title,
    created: oktaDate(created),
    lastUpdated: oktaDate(lastUpdated),
    definitions: { custom: definition('custom', custom), base: definition('base', base) },
    type: 'object',
    properties: { profile: { allOf: [{ $ref: '#/definitions/custom' }, { $ref: '#/definitions/base' }] } },
  };
}

function definition(name: 'base' | 'custom', attributes: AttributeDefinitions) {
  const entries = Object.entries(attributes);
  return {
    id: `#${name}`,
    type: 'object',
    properties: Object.fromEntries(entries.map(([variable, attribute]) => [variable, presentAttribute(attribute)])),
    required: entries.filter(([, attribute]) => attribute.required === true).map(([variable]) => variable),
  };
}

function presentAttribute({ unique, ...attribute }: AttributeDefinition) {
  return {
    ...attribute,
    ...(unique === true ? { unique: 'UNIQUE_VALIDATED' } : {}),
    mutability: attribute.mutability ?? 'READ_WRITE',
    scope: attribute.scope ?? 'NONE',
    permissions: attribute.permissions ?? [{ principal: 'SELF', action: 'READ_ONLY' }],
    master: attribute.master ?? { type: 'PROFILE_MASTER' },
  };
}
