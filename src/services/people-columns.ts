import type { AttributeDefinition, AttributeDefinitions } from '../domain/profile-schema.ts';
import type { Profile } from '../domain/profile.ts';
import { baseUserAttributes, definitionProblem } from '../domain/user-schema.ts';
import { canonicalProfile, validateProfile } from '../domain/validate-profile.ts';
import type { Json } from '../lib/json.ts';

/** One thing wrong with a file of people. Lines and columns count from 1. */
export interface ImportProblem {
  readonly line: number;
  readonly column?: number;
  /** The header of the column, as the file has it. */
  readonly header?: string;
  /** The cell, shortened. */
  readonly value?: string;
  readonly reason: string;
}

interface Column {
  readonly header: string;
  readonly attribute: string;
  /** Undefined where the people concerned do not have the attribute: their cells must be empty. */
  readonly definition: AttributeDefinition | undefined;
}

/** How the cells of each row become a profile. */
export interface PeopleColumns {
  /** By position; undefined for a column without a header, whose cells must be empty. */
  readonly columns: readonly (Column | undefined)[];
  readonly attributes: AttributeDefinitions;
  /** Attributes that are new with this file. */
  readonly created: AttributeDefinitions;
}

/** The columns as they are for people with these attributes, of all that the header was read with. */
export function columnsFor(columns: PeopleColumns, attributes: AttributeDefinitions): PeopleColumns {
  const own = columns.columns.map((column) =>
    column === undefined
      ? undefined
      : {
          ...column,
          definition: Object.hasOwn(attributes, column.attribute) ? attributes[column.attribute] : undefined,
        },
  );
  return { ...columns, attributes, columns: own };
}

/**
 * Reads the header. A column is named by an attribute's variable or title in any letter case, with or without
 * spaces, hyphens and underscores, or by a usual name such as "Surname" or "Job title".
 *
 * @param attributes those of people of any type.
 * @param ofNewcomers the attributes of people the file may add, whose required ones must have a column.
 * @param createAttributes makes unknown columns into new string attributes instead of refusing them.
 */
export function readHeader(
  line: number,
  cells: readonly string[],
  {
    attributes,
    ofNewcomers,
  }: { readonly attributes: AttributeDefinitions; readonly ofNewcomers: AttributeDefinitions },
  createAttributes: boolean,
): { readonly columns: PeopleColumns } | { readonly problems: readonly ImportProblem[] } {
  if (/\p{Cc}/u.test(cells.join('').replace(/[\t\n]/g, ''))) {
    const reason = 'The first line is not text. Is this an Excel workbook or an archive with another name?';
    return { problems: [{ line, reason }] };
  }
  const problems: ImportProblem[] = [];
  const names = attributeNames(attributes);
  const created: Record<string, AttributeDefinition> = {};
  const columns = cells.map((cell, index): Column | undefined => {
    const header = cell.trim();
    if (header === '') return undefined;
    const known = names.get(normalName(header));
    const definition = known === undefined ? undefined : attributes[known];
    if (known !== undefined && definition !== undefined) return { header, attribute: known, definition };
    const made = newAttribute(header);
    if (!createAttributes || made.problem !== undefined) {
      const reason = createAttributes
        ? `${made.problem ?? ''}.`
        : `There is no attribute "${shortened(header)}". Correct the header, remove the column, or let the load create the attribute (--create-attributes).`;
      problems.push({ line, column: index + 1, header: shortened(header), reason });
      return undefined;
    }
    created[made.variable] = made.definition;
    return { header, attribute: made.variable, definition: made.definition };
  });
  problems.push(...repeatedColumns(line, columns));
  if (problems.length === 0) problems.push(...missingColumns(line, columns, ofNewcomers));
  if (problems.length > 0) return { problems };
  return { columns: { columns, attributes: { ...attributes, ...created }, created } };
}

/**
 * The profile a row describes, null for each empty cell, and everything that is wrong with it. Without a login
 * column the e-mail is the login.
 */
export function readRow(
  line: number,
  cells: readonly string[],
  { columns, attributes }: PeopleColumns,
): { readonly profile: Profile; readonly problems: readonly ImportProblem[] } {
  const values: [string, Json][] = [];
  const problems: ImportProblem[] = [];
  const at = (index: number) => ({
    line,
    column: index + 1,
    ...(columns[index] === undefined ? {} : { header: shortened(columns[index].header) }),
    ...(cells[index] === undefined ? {} : { value: shortened(cells[index]) }),
  });
  if (cells.length < columns.length) {
    const reason = `The line has ${cells.length} cells and the header has ${columns.length}.`;
    return { profile: {}, problems: [{ line, reason }] };
  }
  for (const [index, cell] of cells.entries()) {
    const text = cell.trim();
    const column = columns[index];
    if (column === undefined) {
      if (text !== '') problems.push({ ...at(index), reason: 'The cell has no header above it.' });
      continue;
    }
    if (column.definition === undefined) {
      const reason = `People of this person's type have no ${column.attribute}.`;
      if (text !== '') problems.push({ ...at(index), reason });
      continue;
    }
    const value = text === '' ? null : cellValue(column.definition, text);
    if (value === undefined) problems.push({ ...at(index), reason: `${cellForms[column.definition.type]}.` });
    else values.push([column.attribute, value]);
  }
  const profile = Object.fromEntries(values);
  if (!columns.some((column) => column?.attribute === 'login')) profile['login'] = profile['email'] ?? null;

  const unread = new Set(problems.flatMap((problem) => (problem.column === undefined ? [] : [problem.column - 1])));
  for (const { field, reason } of validateProfile(attributes, profile, 'update')) {
    const index = columns.findIndex((column) => column?.attribute === field);
    // A login made from the e-mail has the e-mail's faults, which are named there.
    if (index >= 0 && !unread.has(index)) problems.push({ ...at(index), reason: `${reason}.` });
  }
  return { profile: { ...nulls(profile), ...canonicalProfile(attributes, profile) }, problems };
}

/** What will be the login of the row, as far as that can be seen in its cell. Nobody's has a NUL in it. */
export function loginCell({ columns }: PeopleColumns, cells: readonly string[]): string {
  const at = (attribute: string) => columns.findIndex((column) => column?.attribute === attribute);
  const index = at('login') < 0 ? at('email') : at('login');
  return (cells[index] ?? '').trim().replaceAll('\0', '');
}

/** Usual headers, without spaces and signs, in small letters. */
const usualNames: Readonly<Record<string, string>> = {
  username: 'login',
  userid: 'login',
  mail: 'email',
  emailaddress: 'email',
  workemail: 'email',
  givenname: 'firstName',
  forename: 'firstName',
  surname: 'lastName',
  familyname: 'lastName',
  jobtitle: 'title',
  position: 'title',
  mobile: 'mobilePhone',
  cellphone: 'mobilePhone',
  phone: 'primaryPhone',
  phonenumber: 'primaryPhone',
  street: 'streetAddress',
  zip: 'zipCode',
  postalcode: 'zipCode',
  postcode: 'zipCode',
  country: 'countryCode',
  language: 'preferredLanguage',
  employeeid: 'employeeNumber',
  employeeno: 'employeeNumber',
  personnelnumber: 'employeeNumber',
  costcentre: 'costCenter',
  company: 'organization',
  manageremail: 'managerId',
  managerlogin: 'managerId',
  managername: 'manager',
};

const cellForms = {
  string: 'must be a text',
  number: 'must be a number such as 3.5',
  integer: 'must be a whole number such as 42',
  boolean: 'must be true or false',
  array: 'must be values with | between them',
  object: 'cannot be loaded from a file',
} as const;

function attributeNames(attributes: AttributeDefinitions): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [usual, variable] of Object.entries(usualNames)) names.set(usual, variable);
  for (const [variable, { title }] of Object.entries(attributes)) names.set(normalName(title), variable);
  for (const variable of Object.keys(attributes)) names.set(normalName(variable), variable);
  return names;
}

function normalName(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s._-]+/g, '');
}

function newAttribute(header: string): { variable: string; definition: AttributeDefinition; problem?: string } {
  const words = header.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== '');
  const variable = words
    .map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('');
  const definition: AttributeDefinition = { title: header, type: 'string' };
  const problem = definitionProblem(baseUserAttributes, variable, definition);
  return { variable, definition, ...(problem === undefined ? {} : { problem }) };
}

function repeatedColumns(line: number, columns: readonly (Column | undefined)[]): ImportProblem[] {
  return columns.flatMap((column, index) => {
    const first = columns.findIndex((other) => other !== undefined && other.attribute === column?.attribute);
    if (column === undefined || first === index) return [];
    const reason = `Columns ${first + 1} and ${index + 1} are both ${column.attribute}; keep one of them.`;
    return [{ line, column: index + 1, header: shortened(column.header), reason }];
  });
}

function missingColumns(
  line: number,
  columns: readonly (Column | undefined)[],
  attributes: AttributeDefinitions,
): ImportProblem[] {
  const present = new Set(columns.map((column) => column?.attribute));
  const missing = Object.entries(attributes)
    .filter(([name, { required }]) => required === true && !present.has(name) && name !== 'login')
    .map(([name]) => name);
  if (missing.length === 0) return [];
  const found = columns.flatMap((column) => (column === undefined ? [] : [column.header]));
  const reason = `The file has no column for ${missing.join(', ')}. Its columns are ${shortened(found.join(', '), 300)}.`;
  return [{ line, reason }];
}

/** Undefined where the text is not of the attribute's type. */
function cellValue(definition: AttributeDefinition, text: string): Json | undefined {
  switch (definition.type) {
    case 'string':
      return text;
    case 'number':
      return /^-?\d+([.]\d+)?$/.test(text) ? Number(text) : undefined;
    case 'integer':
      return /^-?\d+$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
    case 'array':
      return arrayValue(definition, text);
    case 'object':
      return undefined;
  }
}

function arrayValue({ title, items }: AttributeDefinition, text: string): Json | undefined {
  const parts = text.split('|').map((part) => part.trim());
  const values = parts
    .filter((part) => part !== '')
    .map((part) => cellValue({ title, type: items?.type ?? 'string' }, part));
  const complete = values.filter((value) => value !== undefined);
  return complete.length === values.length ? complete : undefined;
}

function nulls(profile: Profile): Profile {
  return Object.fromEntries(Object.entries(profile).filter(([, value]) => value === null));
}

/** Fit to be shown and stored: not too long, and without characters that move a terminal's cursor. */
export function shortened(text: string, length = 100): string {
  const characters = [...text.slice(0, 2 * length)].slice(0, length).join('');
  return `${characters.replace(/\p{Cc}/gu, '\ufffd')}${characters.length < text.length ? '…' : ''}`;
}
