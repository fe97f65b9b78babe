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
  /** The same with a name for each value. Where both are given, a value is allowed by either. */
  readonly oneOf?: readonly NamedValue[];
  readonly items?: {
    readonly type: 'string' | 'number' | 'integer';
    readonly enum?: readonly Json[];
    readonly oneOf?: readonly NamedValue[];
  };
  /** What the whole of a login has to match, in place of its format. Linear-time syntax. */
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: 'email' | 'date' | 'date-time' | 'uri' | 'locale' | 'timezone' | 'country-code' | 'language-code';
  readonly mutability?: 'READ_WRITE' | 'READ_ONLY' | 'IMMUTABLE' | 'WRITE_ONLY';
  /** SELF marks a personal attribute: it cannot be set on a group assignment. */
  readonly scope?: 'NONE' | 'SELF';
  readonly unique?: boolean;
  /** What people may do about their own value. Left out: see it. */
  readonly permissions?: readonly AttributePermission[];
  /** Where the value comes from. Left out: from the person's profile source. */
  readonly master?: AttributeSource;
  /** ENABLE: somebody in several assigned groups gets the values of all; otherwise the group that comes first wins. */
  readonly union?: 'ENABLE' | 'DISABLE';
  /** The attribute's place in the app, e.g. `name.givenName` or `emails.^[type=='work'].value`. App schemas only. */
  readonly externalName?: string;
  /** The SCIM schema URN the external name belongs to. App schemas only. */
  readonly externalNamespace?: string;
}

export interface NamedValue {
  readonly const: Json;
  readonly title: string;
}

export interface AttributePermission {
  readonly principal: string;
  readonly action: 'HIDE' | 'READ_ONLY' | 'READ_WRITE';
}

export interface AttributeSource {
  readonly type: 'PROFILE_MASTER' | 'OKTA' | 'OVERRIDE';
  readonly priority?: readonly { readonly type: string; readonly value: string }[];
}

/** The values an attribute, or an item of it, is limited to; undefined where it is not. */
export function allowedValues({ enum: values, oneOf }: Pick<AttributeDefinition, 'enum' | 'oneOf'>) {
  return values === undefined && oneOf === undefined
    ? undefined
    : [...(values ?? []), ...(oneOf ?? []).map((named) => named.const)];
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
