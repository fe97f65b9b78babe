import { counted } from '../../terminal-text.ts';
import { entitled, inDepartment } from '../company.ts';
import { activeCount, idOf, play, settled, userId, type Stage } from '../stage.ts';

/** Turns provisioning on and gives the app to two groups and one person. */
export async function playAssignments(stage: Stage, groups: readonly string[], individual: string): Promise<void> {
  await play(stage, 'Assign two groups and one person', async ({ timed, readBack }) => {
    const { narrator, api, company } = stage;
    const app = idOf(stage, 'app');
    narrator.command('apps provisioning "Acme Wiki" --create on --update on --deactivate on');
    narrator.command(`assign "Acme Wiki" ${groups.map((name) => `--group ${name}`).join(' ')} --user ${individual}`);
    await api.send('PATCH', `/usher/v1/apps/${app}/provisioning`, { create: true, update: true, deactivate: true });
    const person = await userId(stage, individual);
    const started = stage.cli.clock.monotonicMs();
    await timed(async () => {
      for (const name of groups) {
        await api.send('PUT', `/api/v1/apps/${app}/groups/${idOf(stage, name)}`, {});
        company.departments.add(name);
      }
      await api.send('POST', `/usher/v1/apps/${app}/assignments`, { userIds: [person] });
      company.individuals.add(individual);
      await settled(stage);
    });
    const wanted = entitled(company).length;
    const seconds = (stage.cli.clock.monotonicMs() - started) / 1_000;
    narrator.say(`${groups.map((name) => `${name} ${inDepartment(company, name).length}`).join(' + ')} + 1 person`);
    narrator.say(`${counted(wanted, 'account')} in ${seconds.toFixed(1)} s`);
    await readBack((accounts) => {
      const [account] = accounts.values();
      const compared = Object.keys(account?.values ?? {}).length;
      return `the app has ${counted(activeCount(accounts), 'active account')}, ${compared} attributes of each as in the file`;
    });
  });
}

/** Takes the app from a group; `keeps` has it individually. */
export async function playGroupRemoval(stage: Stage, group: string, keeps: string): Promise<void> {
  await play(stage, `Take it from ${group}`, async ({ timed, check, readBack, before }) => {
    const { narrator, api, company } = stage;
    narrator.command(`unassign "Acme Wiki" --group ${group}`);
    await timed(async () => {
      await api.send('DELETE', `/api/v1/apps/${idOf(stage, 'app')}/groups/${idOf(stage, group)}`);
      company.departments.delete(group);
      await settled(stage);
    });
    const after = await readBack((accounts) => {
      const lost = activeCount(before) - activeCount(accounts);
      return `${counted(lost, 'account')} deactivated, none deleted, ${activeCount(accounts)} still active`;
    });
    const kept = [...after.values()].find((account) => account.values['login'] === keeps);
    check(
      `${kept?.values['displayName'] ?? keeps} is in ${group} too and keeps the app: it was given individually`,
      kept?.active === true ? [] : ['the account is not active'],
    );
  });
}
