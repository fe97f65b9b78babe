import { createReadStream } from 'node:fs';
import { numberAt, objectsAt, textAt } from '../../json-fields.ts';
import { followRun } from '../../commands/runs.ts';
import { counted } from '../../terminal-text.ts';
import { inDepartment } from '../company.ts';
import { play, waitFor, type Stage } from '../stage.ts';

/** Loads the company's people, and lets rules put them into groups. */
export async function playPeople(stage: Stage, file: string): Promise<void> {
  await play(stage, 'Load the people', async ({ timed, check }) => {
    stage.narrator.command('users import examples/acme/people.csv --create-attributes');
    const run = await timed(async () => {
      const query = { createAttributes: true };
      const started = await stage.api.upload('/usher/v1/imports/people', createReadStream(file), 'text/csv', query);
      return followRun(stage.cli, started, '    ', 'people');
    });
    for (const problem of objectsAt(run, 'problems'))
      stage.narrator.say(`line ${textAt(problem, 'line')}: ${textAt(problem, 'reason')}`);
    stage.narrator.say(`${numberAt(run, 'counts', 'created')} created, ${numberAt(run, 'counts', 'failed')} faults`);
    const users = await stage.api.list('/api/v1/users', { limit: 200 });
    const logins = new Set(users.map((user) => textAt(user, 'profile', 'login')));
    const missing = [...stage.company.people.keys()].filter((login) => !logins.has(login));
    for (const user of users) stage.ids.set(textAt(user, 'profile', 'login'), textAt(user, 'id'));
    check(
      `all ${counted(stage.company.people.size, 'row')} of the file are people in the directory`,
      missing.map((login) => `${login} is missing`),
    );
  });
}

/** Departments that get a group of their own. */
const departments = ['Engineering', 'Sales', 'Customer Success', 'Marketing', 'Finance'];

export async function playGroups(stage: Stage): Promise<void> {
  await play(stage, 'Make groups by rule', async ({ timed, check }) => {
    stage.narrator.command('rules create Sales --if \'user.department == "Sales"\' --into Sales --activate');
    const found = await timed(async () => {
      for (const name of departments) await makeGroup(stage, name);
      return Promise.all(departments.map((name) => membersOf(stage, name)));
    });
    for (const [index, name] of departments.entries()) {
      const expected = inDepartment(stage.company, name);
      const members = new Set(found[index]);
      const problems = [
        ...expected.filter((login) => !members.has(login)).map((login) => `${login} is not in it`),
        ...(members.size > expected.length ? [`it has ${members.size} members`] : []),
      ];
      check(`${name}: ${counted(expected.length, 'member')}`, problems);
    }
  });
}

async function makeGroup(stage: Stage, name: string): Promise<void> {
  const group = await stage.api.send('POST', '/api/v1/groups', { profile: { name } });
  stage.ids.set(name, textAt(group, 'id'));
  const rule = await stage.api.send('POST', '/api/v1/groups/rules', {
    type: 'group_rule',
    name,
    conditions: { expression: { type: 'urn:okta:expression:1.0', value: `user.department == "${name}"` } },
    actions: { assignUserToGroups: { groupIds: [textAt(group, 'id')] } },
  });
  await stage.api.send('POST', `/api/v1/groups/rules/${textAt(rule, 'id')}/lifecycle/activate`);
}

/** Logins of the members, once there are as many as the department has people. */
async function membersOf(stage: Stage, name: string): Promise<string[]> {
  const expected = inDepartment(stage.company, name).length;
  return waitFor(stage, `the members of ${name}`, async () => {
    const members = await stage.api.list(`/api/v1/groups/${stage.ids.get(name) ?? ''}/users`, { limit: 1_000 });
    return members.length >= expected ? members.map((member) => textAt(member, 'profile', 'login')) : undefined;
  });
}
