import { createReadStream } from 'node:fs';
import { openCsv } from '../../lib/csv.ts';
import { CommandError } from '../exit-codes.ts';
import type { AppAccount } from './scim-app.ts';

/** What the demo itself knows of a person, from the file and from the story so far. */
export interface Person {
  readonly profile: { readonly [attribute: string]: string };
  readonly employed: boolean;
}

/**
 * The demo's own account of what ought to be, kept apart from Usher: it is what the app is compared with. People are
 * kept by the login they have in the file.
 */
export interface Company {
  readonly people: Map<string, Person>;
  /** Departments whose group has the app. */
  readonly departments: Set<string>;
  /** People who have the app individually. */
  readonly individuals: Set<string>;
  /** People who have ever had the app: their accounts stay, active or not. */
  readonly everEntitled: Set<string>;
}

/** @throws {CommandError} when the sample file cannot be read. */
export async function readCompany(file: string): Promise<Company> {
  const csv = await openCsv(createReadStream(file));
  const people = new Map<string, Person>();
  let header: readonly string[] | undefined;
  for await (const item of csv.items) {
    if ('problem' in item) throw new CommandError('failed', `${file}, line ${item.line}: ${item.problem}`);
    if (header === undefined) {
      header = item.cells;
      continue;
    }
    const profile = Object.fromEntries(header.map((name, index) => [name, item.cells[index] ?? '']));
    people.set(profile['login'] ?? '', { profile, employed: true });
  }
  return { people, departments: new Set(), individuals: new Set(), everEntitled: new Set() };
}

/** Changes what is known of one person. */
export function change(company: Company, login: string, changes: Partial<Person>): void {
  const person = personOf(company, login);
  company.people.set(login, { ...person, ...changes, profile: { ...person.profile, ...changes.profile } });
}

export function personOf(company: Company, login: string): Person {
  const person = company.people.get(login);
  if (person === undefined) throw new CommandError('failed', `The sample company has nobody with the login ${login}.`);
  return person;
}

/** Logins (as in the file) of those in a department. */
export function inDepartment(company: Company, department: string): string[] {
  return [...company.people].filter(([, person]) => isIn(person, department)).map(([login]) => login);
}

/** Logins (as in the file) of those who should have the app now; remembers that they have had it. */
export function entitled(company: Company): string[] {
  const logins = [...company.people]
    .filter(([login, person]) => person.employed && hasApp(company, login, person))
    .map(([login]) => login);
  for (const login of logins) company.everEntitled.add(login);
  return logins;
}

/** Every way in which the app differs from what ought to be, in words; empty when all is well. */
export function differences(company: Company, accounts: ReadonlyMap<string, AppAccount>): string[] {
  const active = new Set(entitled(company));
  const byLogin = new Map([...accounts.values()].map((account) => [account.values['login'] ?? '', account]));
  const problems: string[] = [];
  for (const login of company.everEntitled) {
    const { profile } = personOf(company, login);
    const name = profile['login'] ?? login;
    const account = byLogin.get(name);
    byLogin.delete(name);
    if (account === undefined) problems.push(`${name} has no account`);
    else if (account.active !== active.has(login))
      problems.push(`the account of ${name} is ${account.active ? '' : 'not '}active`);
    else if (account.active) problems.push(...wrongValues(account, profile));
  }
  if (accounts.size > company.everEntitled.size)
    problems.push(`there are ${accounts.size} accounts for ${company.everEntitled.size} people`);
  return [...problems, ...[...byLogin.keys()].map((name) => `nobody should have the account ${name}`)];
}

function wrongValues(account: AppAccount, profile: Person['profile']): string[] {
  return Object.entries(account.values)
    .filter(([attribute, value]) => value !== (profile[attribute] ?? ''))
    .map(
      ([attribute, value]) =>
        `${profile['login']}: ${attribute} is "${value}" and should be "${profile[attribute] ?? ''}"`,
    );
}

function hasApp(company: Company, login: string, person: Person): boolean {
  return company.individuals.has(login) || company.departments.has(person.profile['department'] ?? '');
}

function isIn(person: Person, department: string): boolean {
  return person.profile['department'] === department;
}
