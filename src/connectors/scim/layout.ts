import type { AttributeDefinition, AttributeDefinitions, AttributeType } from '../../domain/profile-schema.ts';
import { UsherError } from '../../lib/errors.ts';

export const coreUserUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** The element of a multi-valued attribute that a place means, e.g. the one whose `type` is `work`. */
export interface ElementKey {
  readonly name: string;
  readonly value: string | boolean;
}

/** Where an attribute of the flat profile lives in a SCIM resource. */
export interface Place {
  readonly variable: string;
  readonly type: AttributeType;
  /** Schema extension the attribute belongs to; undefined for the core schema. */
  readonly urn: string | undefined;
  readonly attribute: string;
  readonly element: ElementKey | undefined;
  readonly sub: string | undefined;
  /** Texts travel as `{ "value": text }`, as in the multi-valued attributes of the core schema. */
  readonly wrapped: boolean;
  /** Letter case carries no meaning. */
  readonly foldCase: boolean;
  readonly writable: boolean;
  /** The app takes one value only; lists are cut to their first. */
  readonly single: boolean;
  /** Write-only attributes never come back, so there is nothing to verify. */
  readonly readable: boolean;
}

/** All places of an app's schema, worked out once per connection. */
export interface Layout {
  readonly places: readonly Place[];
  readonly byVariable: ReadonlyMap<string, Place>;
}

/**
 * @param single for apps that take one value of every multi-valued attribute: of several places that mean different
 *   elements of one attribute, only the first is written.
 * @throws {UsherError} `invalid_input` naming the attribute whose external name cannot be understood.
 */
export function compileLayout(attributes: AttributeDefinitions, single: boolean): Layout {
  const elements = new Map<string, string>();
  const places = Object.entries(attributes).map(([variable, definition]) => {
    const place = placeOf(variable, definition, single);
    if (!single || !place.element) return place;
    const attribute = `${place.urn ?? ''}:${place.attribute}`;
    const key = JSON.stringify(place.element);
    const first = elements.get(attribute) ?? key;
    elements.set(attribute, first);
    return { ...place, writable: place.writable && first === key };
  });
  return { places, byVariable: new Map(places.map((place) => [place.variable, place])) };
}

/** `attr`, `attr.sub`, `attr.^[key=='value'].sub`, `attr.^[key==true].sub`. */
const externalNamePattern =
  /^([A-Za-z$][\w$-]*)(?:\.\^\[([A-Za-z]\w*)==(?:'([^'"\\]*)'|(true|false))\])?(?:\.([A-Za-z$][\w$-]*))?$/;

/** Attributes the connection carries itself, or that belong to the app. */
const managedAttributes = new Set(['id', 'externalId', 'userName', 'active', 'password', 'schemas', 'meta', 'groups']);
/** Complex multi-valued attributes of the core schema (RFC 7643 section 4.1.2). */
const wrappedAttributes = new Set([
  ...['emails', 'phoneNumbers', 'ims', 'photos', 'groups', 'entitlements', 'roles', 'x509Certificates'],
]);
const unsafeNames = new Set(['constructor', 'prototype']);

function placeOf(variable: string, definition: AttributeDefinition, single: boolean): Place {
  const externalName = definition.externalName ?? variable;
  const match = externalNamePattern.exec(externalName);
  const [, attribute, key, quoted, literal, sub] = match ?? [];
  if (attribute === undefined || [attribute, key, sub].some((name) => name !== undefined && unsafeNames.has(name))) {
    throw new UsherError(
      'invalid_input',
      `The external name "${externalName}" of the attribute ${variable} is not one a SCIM app can have. ` +
        `Write it like title, name.givenName or emails.^[type=='work'].value.`,
    );
  }
  const namespace = definition.externalNamespace;
  const urn = namespace === undefined || namespace === '' || namespace === coreUserUrn ? undefined : namespace;
  const value = literal === undefined ? (quoted ?? '') : literal === 'true';
  return {
    variable,
    type: definition.type,
    urn,
    attribute,
    element: key === undefined ? undefined : { name: key, value },
    sub,
    wrapped: definition.type === 'array' && urn === undefined && wrappedAttributes.has(attribute),
    foldCase: attribute === 'emails' || definition.format === 'email',
    writable: definition.mutability !== 'READ_ONLY' && !(urn === undefined && managedAttributes.has(attribute)),
    single,
    readable: definition.mutability !== 'WRITE_ONLY',
  };
}
