import type { JsonObject } from '../../../lib/json.ts';
import { CommandError } from '../../exit-codes.ts';
import { objectsAt, textAt } from '../../json-fields.ts';
import { idOf, play, userId, type Stage } from '../stage.ts';
import { previewRows } from '../../commands/mappings.ts';
import { padded } from '../../terminal-text.ts';
import { personOf } from '../company.ts';

const misspelt = 'skim header auth';
const key = 'scim2headerauth';
const activate = { activate: true };

/** Finds the integration and makes an app of it. */
export async function playCatalog(stage: Stage): Promise<void> {
  await play(stage, 'Add an app from the catalog', async ({ timed, check }) => {
    const { narrator, api } = stage;
    narrator.command(`catalog search "${misspelt}"`);
    const entries = await timed(async () =>
      objectsAt(await api.get('/usher/v1/catalog/apps', { q: misspelt, limit: 3 }), 'apps'),
    );
    for (const entry of entries) narrator.say(`${padded(textAt(entry, 'key'), 30)} ${textAt(entry, 'name')}`);
    check(
      'the right one comes first, typing errors and all',
      textAt(entries[0], 'key') === key ? [] : [`${key} is not first`],
    );
    narrator.command(`apps add ${key} --label "Acme Wiki" --set baseUrl=${stage.app.url}`);
    const app = await timed(() =>
      api.send('POST', '/usher/v1/apps', { catalogKey: key, label: 'Acme Wiki', settings: { baseUrl: stage.app.url } }),
    );
    stage.ids.set('app', textAt(app, 'id'));
    check(
      `${textAt(app, 'label')} added; nothing is sent to it yet`,
      textAt(app, 'status') === 'ACTIVE' ? [] : ['it is not active'],
    );
  });
}

/** A wrong token first, to see what is said; then the right one. */
export async function playConnection(stage: Stage): Promise<void> {
  await play(stage, 'Connect it', async ({ timed, check }) => {
    const { narrator, api } = stage;
    const path = `/usher/v1/apps/${idOf(stage, 'app')}/connection`;
    narrator.command('apps connect "Acme Wiki" --credential-file old.token');
    const refusal = await timed(() => refusalOf(() => api.send('PUT', path, connectionWith('an-old-token'), activate)));
    narrator.say(`✗ ${refusal}`);
    const status = textAt(await api.get(path), 'status');
    check('a wrong token is refused in plain words, and nothing is turned on', [
      ...(refusal === '' ? ['it was accepted'] : []),
      ...(status === 'DISABLED' ? [] : [`the connection is ${status}`]),
    ]);
    narrator.command('apps connect "Acme Wiki" --credential-file wiki.token');
    await timed(() => api.send('PUT', path, connectionWith(stage.app.token), activate));
    const report = await timed(() => api.send('POST', `${path}/test`));
    const findings = objectsAt(report, 'findings');
    for (const finding of findings)
      narrator.say(`${finding['ok'] === true ? '✓' : '✗'} ${textAt(finding, 'subject')}: ${textAt(finding, 'detail')}`);
    const enabled = textAt(await api.get(path), 'status');
    check('the right token is tested and kept', enabled === 'ENABLED' ? [] : [`the connection is ${enabled}`]);
  });
}

/** Shown for one person; the app's schema has more. */
const shownAttributes = [
  'userName',
  'givenName',
  'familyName',
  'displayName',
  'email',
  'title',
  'department',
  'managerDisplayName',
];

export async function playMappings(stage: Stage, login: string): Promise<void> {
  await play(stage, 'Look at the mappings', async ({ timed, check }) => {
    const { narrator, api } = stage;
    narrator.command(`mappings preview "Acme Wiki" --user ${login}`);
    const body = { userId: await userId(stage, login) };
    const preview = await timed(() => api.send('POST', `/usher/v1/apps/${idOf(stage, 'app')}/mappings/preview`, body));
    const rows = previewRows(preview);
    for (const name of shownAttributes)
      narrator.say(
        describe(
          rows.find((row) => row['attribute'] === name),
          name,
        ),
      );
    const failed = rows
      .filter((row) => textAt(row, 'error') !== '')
      .map((row) => `${textAt(row, 'attribute')}: ${textAt(row, 'error')}`);
    const { profile } = personOf(stage.company, login);
    const name = textAt(
      rows.find((row) => row['attribute'] === 'displayName'),
      'value',
    );
    check(`all ${rows.length} expressions give a value for ${profile['displayName'] ?? login}`, [
      ...failed,
      ...(name === profile['displayName'] ? [] : [`displayName is "${name}"`]),
    ]);
  });
}

function describe(row: JsonObject | undefined, name: string): string {
  return `${padded(name, 20)} ${padded(textAt(row, 'expression'), 20)} ${textAt(row, 'value')}`;
}

function connectionWith(token: string): JsonObject {
  return { settings: { auth: { scheme: 'bearer', token } } };
}

/** What was said against it; empty when it went through. */
async function refusalOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return '';
  } catch (error) {
    if (error instanceof CommandError && error.exit === 'failed') return error.message;
    throw error;
  }
}
