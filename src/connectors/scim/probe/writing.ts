import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../../../lib/json.ts';
import { readActive, readId } from '../resource.ts';
import { filterPath, isOk, isScimError, onlyNamed, rowsOf, told, type ProbeContext } from './context.ts';
import { checkVersions, type Discovered } from './discovery.ts';
import type { Reply } from './exchange.ts';
import { checkFinding } from './filters.ts';
import { checkGroups } from './groups.ts';
import { checkPatches } from './patches.ts';
import {
  enterpriseUrn,
  newThrowaway,
  openThrowaway,
  removeThrowaways,
  throwawayDisplayName,
  versionOf,
} from './throwaway.ts';
import type { Throwaway } from './throwaway.ts';

/**
 * Makes a throw-away account, leads it through the life of an account, and takes it away again whatever happens. What
 * cannot be taken away is noted.
 */
export async function checkWriting(
  context: ProbeContext,
  userName: string,
  discovered: Discovered,
  hasGroups: boolean,
): Promise<void> {
  const ids = new Set<string>();
  try {
    const account = await create(context, userName, ids);
    if (account === undefined) return;
    await checkFinding(context, userName);
    await checkDuplicates(context, userName, ids);
    await checkPatches(context, account);
    await checkPut(context, account);
    await checkActive(context, account);
    await checkVersions(context, account.id, discovered.etag);
    await checkStale(context, account, discovered.etag);
    if (hasGroups) await checkGroups(context, account);
    await checkRemoval(context, account, ids);
  } finally {
    context.leftBehind.push(...(await removeThrowaways(context, ids, userName)));
  }
}

async function create(context: ProbeContext, userName: string, ids: Set<string>): Promise<Throwaway | undefined> {
  const { recorder, judge } = context;
  const sent = newThrowaway(userName);
  const reply = await recorder.ask('POST', '/Users', { body: sent, ours: true });
  const id = reply.json === undefined ? undefined : readId(reply.json);
  if (id !== undefined && isOk(reply)) ids.add(id);
  const good = reply.status === 201 && id !== undefined;
  judge.say('writing.create', good, `${told(reply)}${id === undefined ? ', without an id' : ''}.`, reply);
  if (id === undefined || !isOk(reply)) return undefined;
  const { location } = reply.headers;
  judge.say(
    'writing.location',
    location !== undefined,
    location === undefined ? 'There is none.' : 'It is there.',
    reply,
  );
  const account = openThrowaway(context, id, userName);
  const read = await account.read();
  const found = await recorder.ask('GET', filterPath('userName', userName), { ours: true });
  const visible = isOk(read) && onlyNamed(rowsOf(found) ?? [], userName);
  const seen = visible ? 'It was.' : `By its id: ${read.status}; by its name: ${rowsOf(found)?.length ?? 0} found.`;
  judge.say('writing.visible', visible, seen, read, found);
  const missing = Object.keys(sent).filter(
    (name) => name !== 'schemas' && !keeps(read.json ?? {}, name, sent[name] ?? null),
  );
  judge.say(
    'writing.kept',
    missing.length === 0,
    missing.length === 0 ? 'All of it.' : `Not kept: ${missing.join(', ')}.`,
    reply,
    read,
  );
  return account;
}

async function checkDuplicates({ recorder, judge }: ProbeContext, userName: string, ids: Set<string>): Promise<void> {
  const post = async (name: string): Promise<Reply> => {
    const body = { ...newThrowaway(name), externalId: 'usher-probe-second' };
    const reply = await recorder.ask('POST', '/Users', { body, ours: true });
    const id = reply.json === undefined ? undefined : readId(reply.json);
    if (isOk(reply) && id !== undefined) ids.add(id);
    return reply;
  };
  const same = await post(userName);
  if (same.status === 409) judge.say('writing.duplicate', true, `${told(same)}.`, same);
  else if (isOk(same)) judge.say('writing.duplicate', false, `${told(same)}: there are two now.`, same);
  else judge.warn('writing.duplicate', `${told(same)}: it was refused, but not with 409.`, same);
  if (isOk(same)) return;
  const folded = await post(userName.toUpperCase());
  judge.say(
    'writing.duplicate_case',
    !isOk(folded),
    isOk(folded) ? 'A second account was made.' : 'It was refused.',
    folded,
  );
}

async function checkPut({ judge, learned }: ProbeContext, account: Throwaway): Promise<void> {
  const before = (await account.read()).json ?? {};
  const { meta: _meta, groups: _groups, ...rest } = before;
  const reply = await account.put({ ...rest, displayName: 'Usher probe, put' });
  const after = await account.read();
  const works = isOk(reply) && after.json?.['displayName'] === 'Usher probe, put';
  judge.say(
    'writing.put',
    works,
    works ? 'It did.' : `${told(reply)}, and the account stayed as it was.`,
    reply,
    after,
  );
  if (works) learned['updateDialect'] ??= 'put';
}

async function checkActive({ judge, learned }: ProbeContext, account: Throwaway): Promise<void> {
  const set = async (active: boolean, path: boolean): Promise<readonly [boolean, Reply]> => {
    const operation = path ? { op: 'replace', path: 'active', value: active } : { op: 'replace', value: { active } };
    const reply = await account.patch([operation]);
    const read = await account.read();
    return [read.status === 404 ? !active : readActive(read.json ?? {}) === active, reply];
  };
  const [plain, noPath] = await set(false, false);
  const [back] = plain ? await set(true, false) : [false];
  const [pathed, withPath] = await set(false, true);
  const works = plain || pathed || (await putActive(account, false));
  const ways = [...(plain ? ['without a path'] : []), ...(pathed ? ['with a path'] : [])];
  const seen =
    ways.length > 0 ? `PATCH works ${ways.join(' and ')}.` : works ? 'Only PUT does it.' : 'It stays active.';
  judge.say('writing.deactivate', works, seen, noPath, withPath);
  if (works) judge.say('writing.deactivate_path', plain && pathed, seen, noPath, withPath);
  if (works) learned['activeDialect'] = plain ? 'noPath' : pathed ? 'path' : 'put';
  const [again, last] = await set(true, !plain && pathed);
  const restored = back || again || (await putActive(account, true));
  judge.say('writing.reactivate', restored, restored ? 'It can.' : 'It stays inactive.', last);
}

async function putActive(account: Throwaway, active: boolean): Promise<boolean> {
  const { meta: _, ...rest } = (await account.read()).json ?? {};
  await account.put({ ...rest, active });
  return readActive((await account.read()).json ?? {}) === active;
}

async function checkStale({ judge }: ProbeContext, account: Throwaway, promised: boolean | undefined): Promise<void> {
  const before = await account.read();
  const version = versionOf(before);
  if (version === undefined) {
    judge.skip('writing.stale', 'The app has no versions.', before);
    return;
  }
  await account.patch([{ op: 'replace', value: { displayName: 'Usher probe, newer' } }]);
  const stale = await account.patch([{ op: 'replace', value: { displayName: 'Usher probe, stale' } }], version);
  if (promised !== true && isOk(stale)) judge.skip('writing.stale', 'Versions are not promised.', stale);
  else judge.say('writing.stale', stale.status === 412, `${told(stale)}.`, stale);
}

async function checkRemoval({ recorder, judge }: ProbeContext, account: Throwaway, ids: Set<string>): Promise<void> {
  const path = `/Users/${encodeURIComponent(account.id)}`;
  const reply = await recorder.ask('DELETE', path, { ours: true });
  const after = await account.read();
  const gone = after.status === 404 || after.status === 410;
  const kept = isOk(reply) && after.json !== undefined && readActive(after.json) === false;
  if (kept) judge.warn('writing.remove', 'The account stays, inactive.', reply, after);
  else
    judge.say(
      'writing.remove',
      gone && isOk(reply),
      `${told(reply)}; after that reading it gives ${after.status}.`,
      reply,
      after,
    );
  if (!gone) return;
  ids.delete(account.id);
  const twice = await recorder.ask('DELETE', path, { ours: true });
  const good = twice.status === 404 && isScimError(twice);
  judge.say(
    'writing.remove_twice',
    good,
    `${told(twice)}${isScimError(twice) ? '' : ', not with a SCIM error'}.`,
    twice,
  );
}

/** Whether the account shows what was sent; what the server adds to it does not matter. */
function keeps(shown: JsonObject, name: string, sent: Json): boolean {
  const value = shown[name] ?? null;
  if (name === enterpriseUrn || name === 'name') {
    return (
      isJsonObject(value) &&
      isJsonObject(sent) &&
      Object.entries(sent).every(([key, each]) => jsonEqual(value[key], each))
    );
  }
  if (name === 'emails')
    return JSON.stringify(value)
      .toLowerCase()
      .includes(JSON.stringify(shown['userName'] ?? '').toLowerCase());
  if (name === 'displayName') return value === throwawayDisplayName;
  return typeof value === 'string' && typeof sent === 'string'
    ? value.toLowerCase() === sent.toLowerCase()
    : value === sent;
}
