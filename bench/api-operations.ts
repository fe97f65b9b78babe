import { sealCursor } from '../src/lib/cursor.ts';
import type { Organization } from './api-organization.ts';

/** One call each, about somebody else every time, so that no answer is one that was just given. */
export const operations = {
  'list people, 200 a page': get(() => '/api/v1/users?limit=200'),
  'list people, far into the list': farIntoTheList,
  'search by department': get((person) => search(`profile.department eq "sales ${person % 50}"`)),
  'search by e-mail': get((person) => search(`profile.email eq "Person${person}@ACME.example"`)),
  'search by start of login': get((person) => search(`profile.login sw "person${person}@"`)),
  'search by employee number': get((person) => search(`profile.employeeNumber eq "e${person}"`)),
  'q, start of an e-mail': get((person) => `/api/v1/users?q=person${person}@`),
  'in order of last names': get(
    (person) => `${search(`profile.lastName ge "number ${person}"`)}&sortBy=profile.lastName`,
  ),
  'one person by login': get((person) => `/api/v1/users/person${person}@acme.example`),
  'one person by short login': get((person) => `/api/v1/users/person${person}`),
  'assign an app': assign,
  'log of one type': log('eventType eq "user.lifecycle.deactivate"'),
  'log about one person': get((person) => logUrl(`target.id eq "${idOf(person)}"`)),
  'log of failures': log('outcome.result eq "FAILURE"'),
} satisfies Record<string, (organization: Organization, index: number) => Promise<void>>;

export type OperationName = keyof typeof operations;

type Operation = (organization: Organization, index: number) => Promise<void>;

/** People spread over the whole organization, never one twice. */
export function personOf({ people }: Pick<Organization, 'people'>, index: number): number {
  return 1 + ((index * 7_919) % people);
}

export function idOf(person: number): string {
  return `00u${String(person).padStart(17, '0')}`;
}

function get(urlOf: (person: number) => string): Operation {
  return (organization, index) => request(organization, 'GET', urlOf(personOf(organization, index)));
}

function search(text: string): string {
  return `/api/v1/users?limit=200&search=${encodeURIComponent(text)}`;
}

function logUrl(filter: string): string {
  return `/api/v1/logs?limit=100&sortOrder=DESCENDING&filter=${encodeURIComponent(filter)}`;
}

function log(filter: string): Operation {
  return get(() => logUrl(filter));
}

/** As a client is there that has followed the links so far. */
async function farIntoTheList(organization: Organization, index: number): Promise<void> {
  const id = idOf(Math.floor(organization.people * 0.9) + index);
  const after = sealCursor(organization.secrets.master, '/api/v1/users', { id });
  await request(organization, 'GET', `/api/v1/users?limit=200&after=${after}`);
}

async function assign(organization: Organization, index: number): Promise<void> {
  const body = { id: idOf(personOf(organization, index)), scope: 'USER' };
  await request(organization, 'POST', `/api/v1/apps/${organization.appId}/users`, body);
}

async function request(
  { client, authorization }: Organization,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<void> {
  const answer = await client.request({
    method,
    path,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text}`);
}
