import { Compile } from 'typebox/compile';
import { fitsVariable, templateVariables } from './connection-url.ts';
import { CatalogEntrySchema, type CatalogEntry } from './entry.ts';
import { validateExpressions } from './validate-expressions.ts';
import { validateLogo } from './validate-logo.ts';

/** The three files of `entries/<folder>/`; undefined where a file is missing. */
export interface EntryFiles {
  readonly folder: string;
  readonly json: unknown;
  readonly guide: string | undefined;
  readonly logo: string | undefined;
}

/** The chapters every guide has, in this order. */
const guideHeadings = [
  'Supported features',
  'Requirements',
  'Configuration steps',
  'Attributes and mapping',
  'Known issues and troubleshooting',
] as const;

const checkEntry = Compile(CatalogEntrySchema);

/** Whether a JSON value has an entry's shape; `validateEntry` says the rest. */
export function isCatalogEntry(json: unknown): json is CatalogEntry {
  return checkEntry.Check(json);
}

/** Everything that is wrong with an entry, each as `file: field: reason`. Empty means good. */
export function validateEntry(files: EntryFiles): string[] {
  const problems = isCatalogEntry(files.json)
    ? crossChecks(files.folder, files.json)
    : checkEntry.Errors(files.json).map((error) => `${fieldName(error.instancePath)}: ${error.message}`);
  return [
    ...problems.map((problem) => `integration.json: ${problem}`),
    ...guideProblems(files.guide).map((problem) => `guide.md: ${problem}`),
    ...(files.logo === undefined ? ['is missing'] : validateLogo(files.logo)).map((problem) => `logo.svg: ${problem}`),
  ];
}

function fieldName(instancePath: string): string {
  return instancePath === '' ? 'entry' : instancePath.slice(1).replaceAll('/', '.');
}

function crossChecks(folder: string, entry: CatalogEntry): string[] {
  return [
    ...(entry.key === folder ? [] : [`key: is "${entry.key}", but the folder is called "${folder}"`]),
    ...facetProblems(entry),
    ...connectorProblems(entry),
    ...connectionProblems(entry),
    ...schemaProblems(entry),
    ...validateExpressions(entry),
  ];
}

function facetProblems({ facets, connector }: CatalogEntry): string[] {
  const problems: string[] = [];
  if (facets.collection.length + facets.useCase.length > 5) {
    problems.push('facets: more than five collections and use cases together');
  }
  if (facets.useCase.includes('Lifecycle Management') !== (connector !== null)) {
    problems.push('facets.useCase: "Lifecycle Management" belongs to entries with a connector, and to all of them');
  }
  return problems;
}

function connectorProblems({ connector, capabilities, authModes, connection }: CatalogEntry): string[] {
  if (connector === null) {
    const promised = [...Object.values(capabilities.users), ...Object.values(capabilities.groups)].some(Boolean);
    return [
      ...(promised ? ['capabilities: promises operations although there is no connector'] : []),
      ...(authModes.length > 0 ? ['authModes: must be empty without a connector'] : []),
    ];
  }
  return [
    ...(capabilities.users.create ? [] : ['capabilities.users.create: every connector creates accounts']),
    ...(authModes.length === 0 ? ['authModes: names no way to authenticate'] : []),
    ...(connection === null ? ['connection: is missing'] : []),
  ];
}

function connectionProblems({ authModes, connection }: CatalogEntry): string[] {
  if (connection === null) return [];
  const { baseUrl, variables, headerTemplate } = connection;
  const used = templateVariables(baseUrl);
  const declared = variables.map((variable) => variable.name);
  const problems: string[] = [
    ...used.filter((name) => !declared.includes(name)).map((name) => `connection.baseUrl: {${name}} is not declared`),
    ...declared.filter((name) => !used.includes(name)).map((name) => `connection.variables: ${name} is not used`),
  ];
  if (new Set(declared).size < declared.length) problems.push('connection.variables: a name is declared twice');
  for (const variable of variables) {
    const field = `connection.variables.${variable.name}`;
    if (variable.pattern === undefined && variable.enum === undefined)
      problems.push(`${field}: needs a pattern or enum`);
    if (!fitsVariable(variable, variable.example)) problems.push(`${field}: the example does not fit`);
  }
  const example = variables.reduce((url, { name, example }) => url.replaceAll(`{${name}}`, example), baseUrl);
  if (problems.length === 0 && !/^https:\/\//.test(example))
    problems.push('connection.baseUrl: is not an https address');
  if (authModes.includes('header') !== (headerTemplate !== undefined)) {
    problems.push('connection.headerTemplate: goes with the header mode, and the header mode needs it');
  }
  if (headerTemplate !== undefined && templateVariables(headerTemplate).join() !== 'token') {
    problems.push('connection.headerTemplate: must hold {token} and no other variable');
  }
  return problems;
}

function schemaProblems({ schema, mappings, connector }: CatalogEntry): string[] {
  const problems: string[] = [];
  if (connector !== null && schema['userName']?.required !== true) problems.push('schema.userName: must be required');
  const places = new Map<string, string>();
  for (const [name, { required, externalName, externalNamespace }] of Object.entries(schema)) {
    // The username template gives the account its name, so no mapping does.
    if (required === true && name !== 'userName' && mappings.toApp[name] === undefined) {
      problems.push(`schema.${name}: is required but has no mapping to the app`);
    }
    const place = `${externalNamespace} ${externalName}`;
    const other = places.get(place);
    if (other !== undefined) problems.push(`schema.${name}: has the same place in the app as ${other}`);
    places.set(place, name);
  }
  return problems;
}

function guideProblems(guide: string | undefined): string[] {
  if (guide === undefined) return ['is missing'];
  const headings = [...guide.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  const problems = guideHeadings
    .filter((heading) => !headings.includes(heading))
    .map((heading) => `has no heading "${heading}"`);
  if (problems.length === 0 && headings.join() !== guideHeadings.join()) {
    problems.push(`must have the headings ${guideHeadings.join(', ')} in this order and no others`);
  }
  return problems;
}
