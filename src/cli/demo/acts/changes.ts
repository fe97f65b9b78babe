import { textAt } from '../../json-fields.ts';
import { change, personOf } from '../company.ts';
import { accountOf, play, settled, userId, type Scene, type Stage } from '../stage.ts';

type Profile = { readonly [attribute: string]: string };

/** Somebody changes department: another group, and new attributes in the same account. */
export async function playMover(stage: Stage, login: string, profile: Profile): Promise<void> {
  const from = personOf(stage.company, login).profile['department'] ?? '';
  const to = profile['department'] ?? '';
  await play(stage, `A mover: ${from} to ${to}`, async (scene) => {
    await updateProfile(stage, scene, login, profile);
    const groups = await stage.api.list(`/api/v1/users/${await userId(stage, login)}/groups`);
    const names = groups.map((group) => textAt(group, 'profile', 'name'));
    scene.check(`the rules moved ${nameOf(stage, login)} from the group ${from} to ${to}`, [
      ...(names.includes(to) ? [] : [`not in ${to}`]),
      ...(names.includes(from) ? [`still in ${from}`] : []),
    ]);
    await readSameAccount(stage, scene, login, `the same account says ${to}, ${profile['title'] ?? ''}`);
  });
}

/** Somebody changes their name, and with it login and e-mail. */
export async function playRename(stage: Stage, login: string, profile: Profile): Promise<void> {
  await play(stage, 'A rename, login and all', async (scene) => {
    await updateProfile(stage, scene, login, profile);
    await readSameAccount(stage, scene, login, `the same account is now ${profile['login'] ?? ''}`);
  });
}

/** Somebody leaves, and comes back. */
export async function playLeaver(stage: Stage, login: string): Promise<void> {
  await play(stage, 'A leaver', async (scene) => {
    await changeStatus(stage, scene, login, 'deactivate');
    await readSameAccount(stage, scene, login, `the account of ${nameOf(stage, login)} is deactivated, and kept`);
  });
}

export async function playRehire(stage: Stage, login: string): Promise<void> {
  await play(stage, 'The same person, hired again', async (scene) => {
    await changeStatus(stage, scene, login, 'activate');
    await readSameAccount(stage, scene, login, 'the same account is active again: no second one was made');
  });
}

async function updateProfile(stage: Stage, { timed }: Scene, login: string, profile: Profile): Promise<void> {
  const words = Object.entries(profile).map(([name, value]) => `${name}=${/[ ']/.test(value) ? `"${value}"` : value}`);
  stage.narrator.command(`users update ${login} ${words.join(' ')}`);
  const id = await userId(stage, login);
  await timed(async () => {
    await stage.api.send('POST', `/api/v1/users/${id}`, { profile });
    change(stage.company, login, { profile });
    await settled(stage);
  });
}

async function changeStatus(
  stage: Stage,
  { timed }: Scene,
  login: string,
  verb: 'activate' | 'deactivate',
): Promise<void> {
  stage.narrator.command(`users ${verb} ${login}`);
  const id = await userId(stage, login);
  await timed(async () => {
    const query = verb === 'activate' ? { sendEmail: false } : {};
    await stage.api.send('POST', `/api/v1/users/${id}/lifecycle/${verb}`, undefined, query);
    change(stage.company, login, { employed: verb === 'activate' });
    await settled(stage);
  });
}

/** Reads the app back; the person's account must be the one from before the act. */
async function readSameAccount(stage: Stage, scene: Scene, login: string, claim: string): Promise<void> {
  const names = [login, personOf(stage.company, login).profile['login'] ?? login];
  const held = names.map((name) => accountOf(scene.before, name)).find((account) => account !== undefined);
  const after = await scene.readBack((accounts) => `${accounts.size} accounts read back, all as they should be`);
  const now = accountOf(after, names[1] ?? login);
  scene.check(
    claim,
    now !== undefined && now.id === held?.id ? [] : [`it was ${held?.id ?? 'nowhere'} and is ${now?.id ?? 'nowhere'}`],
  );
}

function nameOf(stage: Stage, login: string): string {
  return personOf(stage.company, login).profile['displayName'] ?? login;
}
