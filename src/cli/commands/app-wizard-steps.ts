import { wizardSteps, type WizardStep } from '../../domain/wizard.ts';
import { isJsonObject, type Json } from '../../lib/json.ts';
import { readAuth, type AuthFlags } from '../auth-flags.ts';
import type { Cli } from '../cli.ts';
import { CommandError } from '../exit-codes.ts';
import { textAt, valueAt } from '../json-fields.ts';
import { promptYes } from '../prompt.ts';
import { resolveApp, resolveGroup, resolveUser } from '../resolve.ts';
import { printable } from '../terminal-text.ts';
import { review, reviewWithSample } from './app-wizard-review.ts';

interface StepFlags extends AuthFlags {
  readonly url?: string;
  readonly allowWrites?: boolean;
  readonly user?: readonly string[];
  readonly group?: readonly string[];
  readonly until?: string;
  readonly yes?: boolean;
}

interface RunFlags extends StepFlags {
  readonly app?: string;
  readonly signOnMode?: string;
}

export const wizardsPath = '/usher/v1/wizards';

/** @throws {CommandError} `usage` for what cannot be an id. */
export function wizardPath(id: string): string {
  if (/^\w+$/.test(id)) return `${wizardsPath}/${id}`;
  throw new CommandError('usage', `"${id}" is not the id of a wizard. See "usher apps wizard list".`);
}

/** A new wizard and all its steps. One that fails is kept and can be resumed. */
export async function begin(cli: Cli, [label = '']: readonly string[], flags: RunFlags): Promise<void> {
  const until = untilOf(flags);
  const app = flags.app === undefined ? undefined : textAt(await resolveApp(cli.api, flags.app), 'id');
  const settings = { baseUrl: flags.url ?? '', auth: await readAuth(cli, flags) };
  const started = await cli.api.send('POST', wizardsPath, {
    label,
    ...(app === undefined ? {} : { appId: app }),
    ...(flags.signOnMode === undefined ? {} : { signOnMode: flags.signOnMode }),
  });
  const own = wizardPath(textAt(started, 'id'));
  try {
    const connected = await cli.api.send('PUT', `${own}/connection`, { settings });
    await goOn(cli, connected, flags, until);
  } catch (error) {
    cli.output.note(`Kept. Go on with: usher apps wizard resume ${textAt(started, 'id')}`);
    throw error;
  }
}

/** The steps that are left. An address or a credential that is given begins with the connection again. */
export async function resume(cli: Cli, [id = '']: readonly string[], flags: StepFlags): Promise<void> {
  const until = untilOf(flags);
  const found = await cli.api.get(wizardPath(id));
  if (textAt(found, 'status') === 'DONE') {
    throw new CommandError('conflict', `${printable(textAt(found, 'label'))} has been turned on already.`);
  }
  const again = flags.url !== undefined || flags.credentialFile !== undefined;
  if (!again && textAt(found, 'next') !== 'connection') return goOn(cli, found, flags, until);
  const baseUrl = flags.url ?? textAt(found, 'draft', 'connection', 'baseUrl');
  if (baseUrl === '') throw new CommandError('usage', 'The address has not been given yet: give it with --url.');
  const settings = { baseUrl, auth: await readAuth(cli, flags) };
  await goOn(cli, await cli.api.send('PUT', `${wizardPath(id)}/connection`, { settings }), flags, until);
}

export async function turnOn(cli: Cli, id: string): Promise<void> {
  const app = await cli.api.send('POST', `${wizardPath(id)}/turn-on`);
  cli.output.answer(app, () => {
    const made = `${printable(textAt(app, 'label'))} is provisioned, ${textAt(app, 'id')}.`;
    return `${cli.output.style.green('✓')} ${made} Give it to people: usher assign`;
  });
}

async function goOn(cli: Cli, wizard: Json, flags: StepFlags, until: WizardStep | undefined): Promise<void> {
  const own = wizardPath(textAt(wizard, 'id'));
  let now = await assign(cli, own, wizard, flags);
  for (let step = nextOf(now); step !== undefined && !isTaken(now, until); step = nextOf(now)) {
    now = await take(cli, own, step, flags);
  }
  if (nextOf(now) === undefined && until === undefined) return finish(cli, own, now, flags);
  const text = isTaken(now, 'probe') ? await reviewWithSample(cli, own, now) : review(cli, now);
  cli.output.answer(now, () => text);
}

async function finish(cli: Cli, own: string, ready: Json, flags: StepFlags): Promise<void> {
  const id = textAt(ready, 'id');
  if (flags.yes === true) return turnOn(cli, id);
  const text = await reviewWithSample(cli, own, ready);
  if (cli.deps.stdin.isTTY !== true || cli.output.json) return cli.output.answer(ready, () => text);
  cli.output.text(text);
  if (await promptYes(cli, `Turn on provisioning for ${printable(textAt(ready, 'label'))}?`)) return turnOn(cli, id);
  cli.output.note(`Kept. Go on with: usher apps wizard resume ${id}`);
}

/** Takes one step with what is proposed, and gives the wizard as it is then. */
async function take(cli: Cli, own: string, step: WizardStep, flags: StepFlags): Promise<Json> {
  const stage = (words: string): void => {
    if (cli.output.terminal.stderr) cli.output.note(cli.output.noteStyle.dim(`· ${words}`));
  };
  if (step === 'probe') {
    stage('probing the server');
    return cli.api.send('POST', `${own}/probe`, { allowWrites: flags.allowWrites === true });
  }
  if (step === 'match') {
    stage('listing its accounts');
    return cli.api.send('POST', `${own}/match`);
  }
  return cli.api.send('PUT', `${own}/${step}`, {});
}

/** Those named now, in place of those named before; nobody named leaves them. */
async function assign(cli: Cli, own: string, wizard: Json, { user, group }: StepFlags): Promise<Json> {
  if (user === undefined && group === undefined) return wizard;
  const people = await Promise.all((user ?? []).map((name) => resolveUser(cli.api, name)));
  const groups = await Promise.all((group ?? []).map((name) => resolveGroup(cli.api, name)));
  const body = {
    userIds: people.map((each) => textAt(each, 'id')),
    groupIds: groups.map((each) => textAt(each, 'id')),
  };
  return cli.api.send('PUT', `${own}/assignments`, body);
}

function nextOf(wizard: Json): WizardStep | undefined {
  return wizardSteps.find((step) => step === textAt(wizard, 'next'));
}

function isTaken(wizard: Json, step: WizardStep | undefined): boolean {
  const done = isJsonObject(wizard) ? valueAt(wizard, 'draft', 'done') : undefined;
  return step !== undefined && Array.isArray(done) && done.includes(step);
}

function untilOf({ until }: StepFlags): WizardStep | undefined {
  const step = wizardSteps.find((each) => each === until);
  if (until === undefined || step !== undefined) return step;
  throw new CommandError('usage', `--until names a step: ${wizardSteps.join(', ')}.`);
}
