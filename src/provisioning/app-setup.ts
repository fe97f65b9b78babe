import { appReferences } from '../expression/apps-read.ts';
import { compileExpression, type CompiledExpression } from '../expression/compile.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import type { AttributeDefinition, AttributeDefinitions } from '../domain/profile-schema.ts';
import type { AttributeMapping, Mappings } from '../domain/mapping.ts';
import { entitlementsOf } from '../domain/entitlements.ts';
import type { EventTarget } from '../domain/log-event.ts';
import type { Profile } from '../domain/profile.ts';
import { isSensitive } from '../domain/sensitive.ts';
import { asUsherError, type UsherError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import type { AppConfig } from '../store/app-config.ts';

/** One mapped attribute, ready to evaluate. */
export interface CompiledMapping {
  readonly attribute: string;
  readonly definition: AttributeDefinition;
  readonly expression: CompiledExpression | UsherError;
  readonly whenEmpty: AttributeMapping['whenEmpty'];
  readonly defaultValue: Json;
}

/** An app's configuration with its expressions compiled: made once per revision, used for every row. */
export interface AppSetup extends AppConfig {
  readonly compiled: readonly CompiledMapping[];
  /** Every mapped attribute, without a value: what a desired profile starts from. */
  readonly blankProfile: Profile;
  readonly userNameExpression: CompiledExpression | UsherError;
  /** Attributes written on creation and never again. */
  readonly createOnly: ReadonlySet<string>;
  /** Attributes an account must have a value of; the user name is looked after elsewhere. */
  readonly required: readonly string[];
  /** Attributes that say what an account allows. */
  readonly entitlements: readonly string[];
  /** Attributes whose values nobody is shown: by name, by definition, or made from such a one of the person's. */
  readonly sensitive: ReadonlySet<string>;
  /** Some expression asks about groups, or about the manager. */
  readonly needsGroups: boolean;
  readonly needsManager: boolean;
  /** Machine names of the apps whose profiles some mapping reads. */
  readonly readsApps: readonly string[];
  readonly target: EventTarget;
}

/** Okta's user name field lives beside the profile, so a mapping onto it is the name template's business. */
export const userNameAttribute = 'userName';

export function setUpApp(config: AppConfig): AppSetup {
  const mapped = Object.entries(config.mappings).filter(([attribute]) => attribute !== userNameAttribute);
  const compiled = compileMappings(Object.fromEntries(mapped), config.attributes);
  const userNameExpression = attempt(() => compileUserNameTemplate(config.userNameTemplate.template));
  const expressions = [...compiled.map((mapping) => mapping.expression), userNameExpression];
  return {
    ...config,
    compiled,
    blankProfile: blank(compiled.map((mapping) => mapping.attribute)),
    userNameExpression,
    createOnly: new Set(mapped.filter(([, mapping]) => mapping.pushStatus === 'DONT_PUSH').map(([name]) => name)),
    required: Object.entries(config.attributes).flatMap(([name, { required }]) =>
      required === true && name !== userNameAttribute ? [name] : [],
    ),
    entitlements: config.provisioning.entitlements ?? entitlementsOf(config.attributes),
    sensitive: sensitiveAttributes(config, compiled),
    needsGroups: expressions.some((expression) => 'dependencies' in expression && expression.dependencies.groups),
    needsManager: expressions.some(
      (expression) => 'dependencies' in expression && expression.dependencies.linked.includes('manager'),
    ),
    readsApps: [...new Set(compiled.flatMap(({ expression }) => appsReadBy(expression)))],
    target: { id: config.appId, type: 'AppInstance', alternateId: config.label, displayName: config.label },
  };
}

function sensitiveAttributes({ attributes }: AppConfig, compiled: readonly CompiledMapping[]): ReadonlySet<string> {
  const own = Object.entries(attributes).filter(([name, definition]) => isSensitive(name, definition));
  const made = compiled.filter(({ expression }) => 'dependencies' in expression && readsSensitive(expression));
  return new Set([...own.map(([name]) => name), ...made.map(({ attribute }) => attribute)]);
}

function readsSensitive({ dependencies }: CompiledExpression): boolean {
  return dependencies.references.some((reference) => isSensitive(reference.slice(reference.indexOf('.') + 1)));
}

function appsReadBy(expression: CompiledExpression | UsherError): readonly string[] {
  return 'dependencies' in expression ? appReferences(expression.dependencies).map(({ appName }) => appName) : [];
}

/** Mappings ready to evaluate, without those of attributes that are not defined. */
export function compileMappings(mappings: Mappings, attributes: AttributeDefinitions): CompiledMapping[] {
  return Object.entries(mappings).flatMap(([attribute, mapping]) => {
    const definition = attributes[attribute];
    return definition === undefined
      ? []
      : [
          {
            attribute,
            definition,
            expression: attempt(() => compileExpression(mapping.expression, 'mapping')),
            whenEmpty: mapping.whenEmpty,
            defaultValue: mapping.defaultValue ?? null,
          },
        ];
  });
}

/**
 * By way of JSON, because V8 gives an object that is filled name by name the slow layout of a dictionary from about a
 * dozen names on, and what is parsed the fast one. Copies of it keep that through everything done to them per row.
 */
function blank(attributes: readonly string[]): Profile {
  const profile: Profile = JSON.parse(JSON.stringify(Object.fromEntries(attributes.map((name) => [name, null]))));
  return profile;
}

/** A broken expression must not stop the app: it fails the rows that need it, with its own message. */
function attempt(compile: () => CompiledExpression): CompiledExpression | UsherError {
  try {
    return compile();
  } catch (error) {
    return asUsherError(error);
  }
}
