import Type, { type Static } from 'typebox';
import { signOnModes } from '../domain/app.ts';
import type { Json, JsonObject } from '../lib/json.ts';

/** The closed vocabularies of the four facets. Use cases are Okta's. */
const collections = ['Popular', 'Generic', 'Developer Favorites', 'Provisioning Without SSO'] as const;
const useCases = [
  'Automation',
  'Centralized Logging',
  'Directory and HR Sync',
  'Identity Governance and Administration',
  'Identity Verification',
  'Lifecycle Management',
  'Multifactor Authentication',
  'Single Sign-On',
  'Social Login',
  'Zero Trust',
] as const;
const functionalities = [
  'Bookmarks',
  'Cloud Infrastructure',
  'Collaboration',
  'Communication',
  'Customer Relationship Management',
  'Customer Support',
  'Data and Analytics',
  'Design',
  'Developer Tools',
  'Directories',
  'File Sharing',
  'Incident Management',
  'Monitoring',
  'Project Management',
] as const;
const industries = ['Cross-Industry', 'Technology'] as const;

const protocols = ['SCIM_2_0', 'REST', 'NONE'] as const;

/** How Usher proves itself to the app. `header` sends the entry's `headerTemplate` as the whole Authorization value. */
const authModes = ['bearer', 'basic', 'header', 'oauth2_client_credentials'] as const;

const closed = { additionalProperties: false };
const Text = Type.String({ minLength: 1, pattern: '\\S' });
const VariableName = '^[a-zA-Z_][a-zA-Z0-9_]*$';
const AnyJson = Type.Unsafe<Json>(Type.Unknown());

const AttributeDefinitionSchema = Type.Object(
  {
    title: Text,
    type: Type.Enum(['string', 'number', 'integer', 'boolean', 'array', 'object']),
    description: Type.Optional(Text),
    required: Type.Optional(Type.Boolean()),
    enum: Type.Optional(Type.Array(AnyJson, { minItems: 1 })),
    items: Type.Optional(
      Type.Object(
        { type: Type.Enum(['string', 'number', 'integer']), enum: Type.Optional(Type.Array(AnyJson, { minItems: 1 })) },
        closed,
      ),
    ),
    minLength: Type.Optional(Type.Integer({ minimum: 0 })),
    maxLength: Type.Optional(Type.Integer({ minimum: 1 })),
    format: Type.Optional(
      Type.Enum(['email', 'date', 'date-time', 'uri', 'locale', 'timezone', 'country-code', 'language-code']),
    ),
    mutability: Type.Optional(Type.Enum(['READ_WRITE', 'READ_ONLY', 'IMMUTABLE', 'WRITE_ONLY'])),
    scope: Type.Optional(Type.Enum(['NONE', 'SELF'])),
    unique: Type.Optional(Type.Boolean()),
    externalName: Text,
    externalNamespace: Text,
  },
  closed,
);

const MappingsSchema = Type.Record(
  Type.String({ pattern: VariableName }),
  Type.Object({ expression: Text, pushStatus: Type.Enum(['PUSH', 'DONT_PUSH']) }, closed),
  closed,
);

/** A per-tenant value the administrator types in. `pattern` is anchored, so that a value cannot leave its place in the URL. */
const ConnectionVariableSchema = Type.Object(
  {
    name: Type.String({ pattern: VariableName }),
    title: Text,
    description: Text,
    required: Type.Boolean(),
    enum: Type.Optional(Type.Array(Text, { minItems: 1 })),
    pattern: Type.Optional(Type.String({ pattern: '^\\^.*\\$$' })),
    example: Text,
  },
  closed,
);

const CapabilitiesSchema = Type.Object(
  {
    users: Type.Object(
      {
        create: Type.Boolean(),
        /** The app lists its accounts with usable profiles, so that they can be imported. */
        read: Type.Boolean(),
        update: Type.Boolean(),
        deactivate: Type.Boolean(),
        reactivate: Type.Boolean(),
        /** The account can be deleted, not only switched off. */
        remove: Type.Boolean(),
        password: Type.Boolean(),
        schemaDiscovery: Type.Boolean(),
      },
      closed,
    ),
    groups: Type.Object(
      {
        create: Type.Boolean(),
        read: Type.Boolean(),
        update: Type.Boolean(),
        delete: Type.Boolean(),
        /** A pushed group can be tied to a group that is in the app already. */
        link: Type.Boolean(),
      },
      closed,
    ),
  },
  closed,
);

/** `integration.json` of a catalog entry: one app integration as data. */
export const CatalogEntrySchema = Type.Object(
  {
    /** Okta's key for the same app where it is known; equal to the folder's name. */
    key: Type.String({ pattern: '^[a-z][a-z0-9_]*$', maxLength: 64 }),
    name: Type.String({ minLength: 1, maxLength: 64 }),
    description: Type.String({ minLength: 1, maxLength: 500 }),
    website: Type.Optional(Type.String({ pattern: '^https://' })),
    facets: Type.Object(
      {
        collection: Type.Array(Type.Enum(collections), { uniqueItems: true }),
        useCase: Type.Array(Type.Enum(useCases), { uniqueItems: true }),
        functionality: Type.Array(Type.Enum(functionalities), { minItems: 1, uniqueItems: true }),
        industry: Type.Array(Type.Enum(industries), { minItems: 1, uniqueItems: true }),
      },
      closed,
    ),
    /** What the app itself speaks, whether or not a connector exists for it. */
    protocol: Type.Enum(protocols),
    /** Modes an instance may have; the first is the default. */
    signOnModes: Type.Array(Type.Enum(signOnModes), { minItems: 1, uniqueItems: true }),
    /** The connector that provisions this app; null says that Usher cannot provision it yet. */
    connector: Type.Union([Type.Literal('scim'), Type.Null()]),
    capabilities: CapabilitiesSchema,
    authModes: Type.Array(Type.Enum(authModes), { uniqueItems: true }),
    /** Null where there is nothing to connect to. `{name}` stands for a variable; see `connectionUrl`. */
    connection: Type.Union([
      Type.Object(
        {
          baseUrl: Text,
          variables: Type.Array(ConnectionVariableSchema, { maxItems: 3 }),
          /** The whole Authorization value with `{token}` for the secret, e.g. `Token token={token}`. */
          headerTemplate: Type.Optional(Text),
        },
        closed,
      ),
      Type.Null(),
    ]),
    /** The app user's attributes by variable name. */
    schema: Type.Record(Type.String({ pattern: VariableName }), AttributeDefinitionSchema, closed),
    /** How the account's name is made, e.g. `${source.login}`. */
    userNameTemplate: Text,
    mappings: Type.Object({ toApp: MappingsSchema, toDirectory: MappingsSchema }, closed),
    /** What the connector must know about this app beyond the protocol; its keys are the connector's. */
    quirks: Type.Unsafe<JsonObject>(Type.Record(Type.String(), Type.Unknown())),
    /** Only numbers the app's own documentation states; everything else is left to the instance's defaults. */
    limits: Type.Object(
      {
        requestsPerMinute: Type.Optional(Type.Integer({ minimum: 1 })),
        concurrencyMax: Type.Optional(Type.Integer({ minimum: 1 })),
        pageSize: Type.Optional(Type.Integer({ minimum: 1 })),
        timeoutMs: Type.Optional(Type.Integer({ minimum: 1 })),
      },
      closed,
    ),
    /** Where the facts come from. */
    sources: Type.Array(Text),
    /** Statements of this entry that nobody has checked against the app, one sentence each. */
    unverified: Type.Array(Text),
  },
  closed,
);

export type CatalogEntry = Static<typeof CatalogEntrySchema>;
export type ConnectionVariable = Static<typeof ConnectionVariableSchema>;
export type Capabilities = CatalogEntry['capabilities'];
export type Protocol = (typeof protocols)[number];
