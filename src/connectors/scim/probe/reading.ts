import { isJsonObject, type JsonObject } from '../../../lib/json.ts';
import { readId } from '../resource.ts';
import { isOk, isScimError, listUrn, people, rowsOf, told, type ProbeContext } from './context.ts';
import type { Reply } from './exchange.ts';

/** An account found in the app, to ask further questions about. */
export interface Sample {
  readonly id: string;
  readonly userName: string;
  readonly resource: JsonObject;
}

export interface Listing {
  readonly samples: readonly Sample[];
  readonly total: number | undefined;
}

/**
 * Lists accounts the first time. Undefined where that does not work, after which there is nothing to probe.
 *
 * @throws {UsherError} where there is no answer at all.
 */
export async function checkEntry({ recorder, judge }: ProbeContext, baseUrl: string): Promise<Listing | undefined> {
  const { protocol, hostname } = new URL(baseUrl);
  const isLocal = hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]';
  if (protocol === 'https:') judge.say('connection.https', true, 'The address begins with https.');
  else if (isLocal) judge.warn('connection.https', 'The address is plain http on this machine.');
  else judge.say('connection.https', false, 'The address is plain http.');

  const first = await recorder.ask('GET', '/Users?startIndex=1&count=2');
  judge.say('connection.credential', isOk(first), `${told(first)} to the listing of accounts.`, first);
  if (!isOk(first)) return undefined;
  const rows = rowsOf(first);
  judge.say(
    'listing.shape',
    rows !== undefined && hasSchema(first, listUrn),
    rows === undefined ? `${told(first)}, without Resources.` : schemaWords(first),
    first,
  );
  if (rows === undefined) return undefined;
  checkMediaType({ judge }, first);
  checkNumbers({ judge }, first);
  const samples = rows.flatMap((resource): Sample[] => {
    const id = readId(resource);
    const { userName } = resource;
    return id === undefined || typeof userName !== 'string' || userName === '' ? [] : [{ id, userName, resource }];
  });
  for (const { userName, resource } of samples) hidePerson(recorder, userName, resource);
  checkAccounts({ judge }, first, rows, samples);
  const total = first.json?.['totalResults'];
  return { samples, total: typeof total === 'number' ? total : undefined };
}

/** What happens without a credential and with a wrong one. */
export async function checkRefusals({ recorder, judge }: ProbeContext): Promise<void> {
  const path = '/Users?startIndex=1&count=1';
  const anonymous = await recorder.ask('GET', path, { credential: 'none' });
  judge.say('connection.anonymous', refused(anonymous), `${told(anonymous)}.`, anonymous);
  const wrong = await recorder.ask('GET', path, { credential: 'wrong' });
  judge.say('connection.wrong_credential', refused(wrong), `${told(wrong)}.`, wrong);
  if (refused(wrong)) {
    const words = isScimError(wrong) ? 'The refusal is a SCIM error.' : `${told(wrong)}, and not with a SCIM error.`;
    judge.say('connection.error_body', isScimError(wrong), words, wrong);
  }
}

/** Reading one account by its id, and parts of it. */
export async function checkOne({ recorder, judge }: ProbeContext, sample: Sample): Promise<void> {
  const one = await recorder.ask('GET', `/Users/${encodeURIComponent(sample.id)}`);
  const same = isOk(one) && one.json !== undefined && readId(one.json) === sample.id;
  judge.say('listing.one', same, same ? 'It is the same account.' : `${told(one)}, and not with that account.`, one);
  const partly = await recorder.ask('GET', '/Users?startIndex=1&count=1&attributes=userName');
  const [row] = rowsOf(partly) ?? [];
  if (row === undefined) return;
  const extra = Object.keys(row).filter((key) => !['id', 'schemas', 'meta', 'userName', 'externalId'].includes(key));
  const seen = extra.length === 0 ? 'Only the userName came.' : `These came unasked: ${extra.slice(0, 5).join(', ')}.`;
  judge.say('listing.projection', extra.length === 0, seen, partly);
}

/** How the server says that something is not there. */
export async function checkErrors({ recorder, judge }: ProbeContext): Promise<void> {
  const missing = await recorder.ask('GET', '/Users/usher-probe-no-such-account');
  const good = missing.status === 404 && isScimError(missing);
  judge.say(
    'errors.missing',
    good,
    good
      ? 'It answered 404 with a SCIM error.'
      : `${told(missing)}${isScimError(missing) ? '' : ', not a SCIM error'}.`,
    missing,
  );
  if (isScimError(missing)) {
    const isText = typeof missing.json?.['status'] === 'string';
    judge.say('errors.status_text', isText, isText ? 'It is a text.' : 'It is not a text.', missing);
  }
  const unknown = await recorder.ask('GET', '/UsherProbeNoSuchEndpoint');
  const page = unknown.json === undefined && /^\s*</.test(unknown.text);
  judge.say('errors.no_page', !page, `${told(unknown)}.`, unknown);
}

function refused({ status }: Reply): boolean {
  return status === 401 || status === 403;
}

function hasSchema({ json }: Reply, urn: string): boolean {
  const schemas = json?.['schemas'];
  return Array.isArray(schemas) && schemas.includes(urn);
}

function schemaWords(reply: Reply): string {
  return hasSchema(reply, listUrn)
    ? 'It is a ListResponse.'
    : 'There are Resources, but `schemas` does not say ListResponse.';
}

function checkMediaType({ judge }: Pick<ProbeContext, 'judge'>, reply: Reply): void {
  const type = reply.headers['content-type'] ?? 'none';
  judge.say('connection.media_type', type.startsWith('application/scim+json'), `The content type is ${type}.`, reply);
}

function checkNumbers({ judge }: Pick<ProbeContext, 'judge'>, reply: Reply): void {
  const names = ['totalResults', 'startIndex', 'itemsPerPage'];
  const wrong = names.filter((name) => {
    const value = reply.json?.[name];
    return !(Number.isInteger(value) || (value === undefined && name !== 'totalResults'));
  });
  const zero = reply.json?.['startIndex'] === 0;
  const seen =
    wrong.length > 0 ? `Not whole numbers: ${wrong.join(', ')}.` : zero ? 'startIndex begins at 0.' : 'They are.';
  judge.say('listing.numbers', wrong.length === 0 && !zero, seen, reply);
}

function checkAccounts(
  { judge }: Pick<ProbeContext, 'judge'>,
  reply: Reply,
  rows: readonly JsonObject[],
  samples: readonly Sample[],
): void {
  if (rows.length === 0) {
    for (const rule of ['listing.accounts', 'listing.active', 'listing.meta'] as const) {
      judge.skip(rule, 'The app has no account yet.', reply);
    }
    return;
  }
  const bad = rows.length - samples.length;
  judge.say(
    'listing.accounts',
    bad === 0,
    bad === 0 ? 'All that were looked at do.' : `${people(bad)} of 2 do not.`,
    reply,
  );
  const silent = rows.filter(({ active }) => typeof active !== 'boolean').length;
  judge.say(
    'listing.active',
    silent === 0,
    silent === 0
      ? 'All that were looked at do.'
      : `${people(silent)} of ${rows.length} do not say it, or not as a Boolean.`,
    reply,
  );
  const placed = rows.every(
    ({ meta }) => isJsonObject(meta) && meta['location'] !== undefined && meta['resourceType'] !== undefined,
  );
  judge.say('listing.meta', placed, placed ? 'They do.' : 'Some lack meta.location or meta.resourceType.', reply);
}

function hidePerson(recorder: ProbeContext['recorder'], userName: string, { externalId, id }: JsonObject): void {
  if (userName !== id) recorder.hide(userName);
  if (typeof externalId === 'string' && externalId !== id) recorder.hide(externalId);
}
