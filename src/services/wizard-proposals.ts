import type { CatalogEntry } from '../catalog/entry.ts';
import type { ProbeReport } from '../connectors/contract.ts';
import type { AttributeMapping, Mappings } from '../domain/mapping.ts';
import type { AttributeDefinition, AttributeDefinitions } from '../domain/profile-schema.ts';
import type { MappingReason, WizardDraft } from '../domain/wizard.ts';

/** What a probe suggests; a person confirms or changes it step by step. */
export type Proposal = Pick<WizardDraft, 'provisioning' | 'attributes' | 'mappings' | 'reasons' | 'userNameTemplate'>;

export interface ProposalBasis {
  readonly report: ProbeReport;
  /** The entry for apps of this kind: what every such app's attributes are called here and mapped from. */
  readonly entry: CatalogEntry;
  readonly userAttributes: AttributeDefinitions;
  /** Attributes the app has here already; their names are not given to others. */
  readonly existing: AttributeDefinitions;
}

export function propose({ report, entry, userAttributes, existing }: ProposalBasis): Proposal {
  const { create, update, deactivate } = report.capabilities;
  const attributes = proposeAttributes(report.attributes, entry.schema, existing);
  const mapped = Object.entries(attributes).flatMap(([name, definition]) => {
    const proposal = proposeMapping(name, definition, entry, userAttributes);
    return proposal === undefined ? [] : [[name, proposal] as const];
  });
  return {
    // What was not tried is taken to work: nearly everywhere it does, and a failure is a task and not a loss.
    provisioning: { create: create ?? true, update: update ?? true, deactivate: deactivate ?? true },
    attributes,
    mappings: Object.fromEntries(mapped.map(([name, { mapping }]) => [name, mapping])),
    reasons: Object.fromEntries(mapped.map(([name, { reason }]) => [name, reason])),
    userNameTemplate: { template: entry.userNameTemplate, type: 'BUILT_IN' },
  };
}

/** What the app says it has, under the names such apps' attributes have here; all that is usual where it says nothing. */
function proposeAttributes(
  discovered: AttributeDefinitions,
  known: AttributeDefinitions,
  existing: AttributeDefinitions,
): AttributeDefinitions {
  const { userName, ...usual } = known;
  const found = Object.entries(discovered);
  const chosen =
    found.length === 0
      ? Object.entries(usual)
      : found.flatMap(([name, definition]): (readonly [string, AttributeDefinition])[] => {
          const same = Object.entries(usual).filter(([, other]) => placeOf(other) === placeOf(definition));
          if (same.length > 0) return same.map(([own, other]) => [own, merged(other, definition)]);
          const parts = Object.entries(usual).filter(([, other]) =>
            placeOf(other).startsWith(`${placeOf(definition)}.^[`),
          );
          return [...parts, [name, definition]];
        });
  const named = chosen.map(([name, definition]) => [freeName(name, definition, existing), definition] as const);
  return { ...(userName === undefined ? {} : { userName }), ...Object.fromEntries(named) };
}

/** Our words, the app's rules. */
function merged(known: AttributeDefinition, discovered: AttributeDefinition): AttributeDefinition {
  const { required: _, ...rest } = known;
  const { required, enum: values, mutability, type, items } = discovered;
  return {
    ...rest,
    type,
    ...(items === undefined ? {} : { items }),
    ...(required === true ? { required } : {}),
    ...(values === undefined ? {} : { enum: values }),
    ...(mutability === undefined ? {} : { mutability }),
  };
}

/** A name for a discovered attribute that no other has. */
export function freeName(name: string, definition: AttributeDefinition, existing: AttributeDefinitions): string {
  const taken = Object.hasOwn(existing, name) ? existing[name] : undefined;
  return taken === undefined || placeOf(taken) === placeOf(definition) ? name : `scim_${name}`;
}

/** Where the app keeps an attribute. */
export function placeOf({ externalName = '', externalNamespace = '' }: AttributeDefinition): string {
  return `${externalNamespace}#${externalName}`;
}

function proposeMapping(
  name: string,
  definition: AttributeDefinition,
  entry: CatalogEntry,
  userAttributes: AttributeDefinitions,
): { readonly mapping: AttributeMapping; readonly reason: MappingReason } | undefined {
  if (definition.mutability === 'READ_ONLY' || name === 'userName') return undefined;
  const toApp: Mappings = entry.mappings.toApp;
  const same = Object.entries(entry.schema).find(([, other]) => placeOf(other) === placeOf(definition));
  const usual = same === undefined ? undefined : toApp[same[0]];
  if (usual !== undefined) return { mapping: usual, reason: 'scim' };
  const fitting = Object.keys(userAttributes).filter((each) => userAttributes[each]?.type === definition.type);
  const exact = fitting.find((each) => each === name);
  const similar = exact ?? fitting.find((each) => isSimilar(each, name) || isSimilar(each, definition.title));
  if (similar === undefined) return undefined;
  const mapping = { expression: `user.${similar}`, pushStatus: 'PUSH' as const };
  return { mapping, reason: exact === undefined ? 'similar name' : 'same name' };
}

/** `cost_center`, `costCenter` and `Cost centre` are one name; so are two that differ in one letter of six. */
function isSimilar(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .replace(/centre$/, 'center'),
  );
  if (a === undefined || b === undefined || a === '' || b === '') return false;
  return a === b || (Math.min(a.length, b.length) > 5 && differByOne(a, b));
}

function differByOne(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  return short.slice(long.length === short.length ? at + 1 : at) === long.slice(at + 1);
}
