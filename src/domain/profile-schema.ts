import type { SchemaId } from '../lib/ids.ts';
import type { Json } from '../lib/json.ts';

export type AttributeType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** One attribute of a user, group or app profile. Field names are Okta's schema keywords. */
export interface AttributeDefinition {
  readonly title: string;
  readonly type: AttributeType;
  readonly description?: string;
  readonly required?: boolean;
  readonly enum?: readonly Json[];
  readonly items?: { readonly type: 'string' | 'number' | 'integer'; readonly enum?: readonly Json[] };
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: 'email' | 'date' | 'date-time' | 'uri' | 'locale' | 'timezone' | 'country-code' | 'language-code';
  readonly mutability?: 'READ_WRITE' | 'READ_ONLY' | 'IMMUTABLE' | 'WRITE_ONLY';
  /** SELF marks a personal attribute: it cannot be set on a group assignment. */
  readonly scope?: 'NONE' | 'SELF';
  readonly unique?: boolean;
  /** ENABLE: somebody in several assigned groups gets the values of all; otherwise the group that comes first wins. */
  readonly union?: 'ENABLE' | 'DISABLE';
  /** The attribute's place in the app, e.g. `name.givenName` or `emails.^[type=='work'].value`. App schemas only. */
  readonly externalName?: string;
  /** The SCIM schema URN the external name belongs to. App schemas only. */
  readonly externalNamespace?: string;
}

export type AttributeDefinitions = { readonly [variable: string]: AttributeDefinition };

/** `base` attributes come with the product or the catalog entry and cannot be removed; `custom` ones can. */
export interface ProfileSchema {
  readonly id: SchemaId;
  readonly base: AttributeDefinitions;
  readonly custom: AttributeDefinitions;
}

export function allAttributes(schema: Pick<ProfileSchema, 'base' | 'custom'>): AttributeDefinitions {
  return { ...schema.base, ...schema.custom };
}
