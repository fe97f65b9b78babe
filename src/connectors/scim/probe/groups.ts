import { isJsonObject, type Json } from '../../../lib/json.ts';
import { readId } from '../resource.ts';
import { isOk, patchUrn, rowsOf, told, type ProbeContext } from './context.ts';
import type { Reply } from './exchange.ts';
import type { Throwaway } from './throwaway.ts';

/** Whether there are groups, without touching any. */
export async function checkGroupListing({ recorder, judge, learned }: ProbeContext): Promise<boolean> {
  const reply = await recorder.ask('GET', '/Groups?startIndex=1&count=2');
  const rows = isOk(reply) ? rowsOf(reply) : undefined;
  const none = [404, 405, 501].includes(reply.status);
  learned['groups'] = rows !== undefined;
  if (none) judge.skip('groups.list', `${told(reply)}: the app has no groups.`, reply);
  else judge.say('groups.list', rows !== undefined, `${told(reply)}.`, reply);
  if (rows === undefined) return false;
  const lean = await recorder.ask('GET', '/Groups?startIndex=1&count=2&excludedAttributes=members');
  const leanRows = rowsOf(lean) ?? [];
  if (leanRows.length === 0) judge.skip('groups.exclude_members', 'The app has no group yet.', lean);
  else {
    const left = leanRows.filter(({ members }) => Array.isArray(members) && members.length > 0).length;
    judge.say('groups.exclude_members', left === 0, left === 0 ? 'It does.' : 'Members came all the same.', lean);
  }
  return true;
}

/** Makes a throw-away group with the throw-away account in it, and takes both apart again. */
export async function checkGroups(context: ProbeContext, account: Throwaway): Promise<void> {
  const { recorder, judge, learned } = context;
  const displayName = `${account.userName.replace(/@.*/, '')} (safe to delete)`;
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName, members: [] };
  const made = await recorder.ask('POST', '/Groups', { body, ours: true }).catch((error: unknown) => {
    context.leftBehind.push(`perhaps the group "${displayName}": the answer to its creation was lost`);
    throw error;
  });
  const id = made.json === undefined ? undefined : readId(made.json);
  if (!isOk(made) || id === undefined) {
    judge.say('writing.groups', false, `${told(made)} to the creation of a group.`, made);
    return;
  }
  const path = `/Groups/${encodeURIComponent(id)}`;
  const replies = [made];
  const patch = async (operation: Json): Promise<Reply> => {
    const reply = await recorder.ask('PATCH', path, {
      body: { schemas: [patchUrn], Operations: [operation] },
      ours: true,
    });
    replies.push(reply);
    return recorder.ask('GET', path, { ours: true });
  };
  try {
    const filled = membersOf(await patch({ op: 'add', path: 'members', value: [{ value: account.id }] }));
    const emptied = membersOf(await patch({ op: 'remove', path: `members[value eq "${account.id}"]` }));
    const problems = [
      ...(filled.includes(account.id) ? [] : ['the member that was added is not shown']),
      ...(emptied.length === 0 ? [] : ['the member that was removed is still shown']),
    ];
    learned['membersReadable'] = filled.includes(account.id);
    if (filled.includes(account.id)) learned['memberRemoval'] = emptied.length === 0 ? 'filter' : 'put';
    const gone = await recorder.ask('DELETE', path, { ours: true });
    const after = await recorder.ask('GET', path, { ours: true });
    if (after.status !== 404 && after.status !== 410) problems.push('the group cannot be deleted');
    const seen = problems.length === 0 ? 'All of it.' : `Not all of it: ${problems.join('; ')}.`;
    judge.say('writing.groups', problems.length === 0, seen, ...replies, gone, after);
  } catch (error) {
    await recorder
      .ask('DELETE', path, { ours: true })
      .catch(() => context.leftBehind.push(`the group "${displayName}" (${id})`));
    throw error;
  }
}

function membersOf({ json }: Reply): readonly string[] {
  const members = json?.['members'];
  if (!Array.isArray(members)) return [];
  return members.flatMap((member: Json) => (isJsonObject(member) ? [String(member['value'])] : []));
}
