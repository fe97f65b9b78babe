import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import { isOk, told, type ProbeContext } from './context.ts';
import type { Reply } from './exchange.ts';
import type { RuleKey } from './rules.ts';
import { enterpriseUrn, type Throwaway } from './throwaway.ts';

interface Trial {
  readonly rule: RuleKey;
  readonly operations: readonly Json[];
  /** Whether the account shows what was asked for. */
  readonly done: (account: JsonObject) => boolean;
}

/** Changes of a throw-away account in the forms that clients send; each is read back, whatever the answer says. */
export async function checkPatches({ judge, learned }: ProbeContext, account: Throwaway): Promise<void> {
  for (const { rule, operations, done } of trials(account.userName)) {
    const reply = await account.patch(operations);
    const after = await account.read();
    const works = done(after.json ?? {});
    judge.say(rule, works, words(reply, works), reply, after);
    if (rule === 'writing.patch_no_path') checkMerge({ judge }, after);
  }
  if (judge.holds('writing.patch_path') === true) learned['updateDialect'] = 'path';
  else if (judge.holds('writing.patch_no_path') === true) learned['updateDialect'] = 'noPath';
}

/** A last name was changed alone: is the first name still there? */
function checkMerge({ judge }: Pick<ProbeContext, 'judge'>, after: Reply): void {
  if (judge.holds('writing.patch_no_path') !== true) {
    judge.skip('writing.patch_merge', 'PATCH without a path changes nothing.', after);
    return;
  }
  const kept = nameOf(after.json ?? {})['givenName'] === 'Usher';
  judge.say('writing.patch_merge', kept, kept ? 'The first name stayed.' : 'The first name was wiped.', after);
}

function trials(userName: string): readonly Trial[] {
  const otherMail = `second-${userName}`;
  return [
    {
      rule: 'writing.patch_no_path',
      operations: [{ op: 'replace', value: { name: { familyName: 'Probed' } } }],
      done: (account) => nameOf(account)['familyName'] === 'Probed',
    },
    {
      rule: 'writing.patch_path',
      operations: [{ op: 'replace', path: 'name.familyName', value: 'Pathed' }],
      done: (account) => nameOf(account)['familyName'] === 'Pathed',
    },
    {
      rule: 'writing.patch_element',
      operations: [{ op: 'replace', path: 'emails[type eq "work"].value', value: otherMail }],
      done: (account) => holds(account['emails'], otherMail),
    },
    {
      rule: 'writing.patch_new_element',
      operations: [{ op: 'add', path: 'phoneNumbers', value: [{ type: 'mobile', value: '+15550100' }] }],
      done: (account) => JSON.stringify(account['phoneNumbers'] ?? null).includes('5550100'),
    },
    {
      rule: 'writing.patch_extension',
      operations: [{ op: 'replace', path: `${enterpriseUrn}:department`, value: 'Probed' }],
      done: (account) => {
        const extension = account[enterpriseUrn];
        return isJsonObject(extension) && extension['department'] === 'Probed';
      },
    },
    {
      rule: 'writing.patch_op_case',
      operations: [{ op: 'Replace', path: 'displayName', value: 'Usher probe, capital' }],
      done: (account) => account['displayName'] === 'Usher probe, capital',
    },
    {
      rule: 'writing.patch_remove',
      operations: [{ op: 'remove', path: 'title' }],
      done: ({ id, title }) => id !== undefined && (title === undefined || title === null || title === ''),
    },
  ];
}

function words(reply: Reply, works: boolean): string {
  if (works) return 'It did.';
  return isOk(reply) ? `${told(reply)}, but nothing changed.` : `${told(reply)}.`;
}

function nameOf(account: JsonObject): JsonObject {
  const { name } = account;
  return isJsonObject(name) ? name : {};
}

function holds(list: Json | undefined, text: string): boolean {
  return JSON.stringify(list ?? null)
    .toLowerCase()
    .includes(text.toLowerCase());
}
