import type { Command } from 'commander';
import type { Json, JsonObject } from '../../lib/json.ts';
import { examples, perform, type Cli, type Session } from '../cli.ts';
import { CommandError, type Exit } from '../exit-codes.ts';
import { textAt, valueAt } from '../json-fields.ts';
import { displayWidth, padded, printable } from '../terminal-text.ts';

interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly detail: string;
}

export function addDoctorCommand(program: Command, session: Session): void {
  examples(
    program.command('doctor').description('check the server, its database and every app; exit code 1 on a problem'),
    [
      ['doctor', 'of the server on this machine'],
      ['doctor --server https://usher.example.com --json', 'of another, for a monitor'],
    ],
  ).action(perform(session, doctor));
}

async function doctor(cli: Cli): Promise<Exit> {
  const findings = [nodeVersion(), ...(await serverFindings(cli))];
  const healthy = findings.every((finding) => finding.state !== 'problem');
  const document = { healthy, findings: findings.map((finding) => ({ ...finding })) };
  cli.output.answer(document, () => describe(cli, findings));
  return healthy ? 'ok' : 'failed';
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  const detail = enough ? process.versions.node : `${process.versions.node}; Usher needs 20.19 or newer`;
  return { subject: 'Node of this command', state: enough ? 'ok' : 'problem', detail };
}

async function serverFindings(cli: Cli): Promise<Finding[]> {
  try {
    const ready = await readiness(cli);
    const system = await cli.api.get('/usher/v1/system');
    const apps = await cli.api.list('/api/v1/apps', { limit: 200 });
    return [
      { subject: 'Server', state: 'ok', detail: `${cli.server}, version ${textAt(system, 'version')}` },
      ready,
      ...databaseFindings(system),
      ...(await Promise.all(apps.map((app) => appFinding(cli, app)))),
    ];
  } catch (error) {
    if (!(error instanceof CommandError) || cli.signal.aborted) throw error;
    return [{ subject: 'Server', state: 'problem', detail: asSentences([error.message, ...error.details]) }];
  }
}

function asSentences(parts: readonly string[]): string {
  return parts.map((part) => (/[.!?:]$/.test(part) ? part : `${part}.`)).join(' ');
}

async function readiness(cli: Cli): Promise<Finding> {
  try {
    await cli.api.get('/readyz');
    return { subject: 'Ready', state: 'ok', detail: 'takes requests' };
  } catch (error) {
    if (!(error instanceof CommandError) || error.exit !== 'failed') throw error;
    return { subject: 'Ready', state: 'problem', detail: error.message };
  }
}

function databaseFindings(system: Json): Finding[] {
  const embedded = textAt(system, 'database', 'kind') === 'pglite';
  const egress = valueAt(system, 'egressAllow');
  const opened = Array.isArray(egress) ? egress.map((network) => textAt(network)) : [];
  return [
    {
      subject: 'Database',
      state: embedded ? 'warning' : 'ok',
      detail: `${embedded ? '' : 'PostgreSQL. '}${textAt(system, 'database', 'durability')}`,
    },
    ...(embedded
      ? [
          {
            subject: 'Data folder',
            state: 'ok',
            detail: `${textAt(system, 'lock', 'dataFolder')}, locked by process ${textAt(system, 'lock', 'pid')}`,
          } as const,
        ]
      : []),
    {
      subject: 'Egress',
      state: 'ok',
      detail: opened.length === 0 ? 'public addresses only' : `public addresses and ${opened.join(', ')}`,
    },
  ];
}

const whyInLog = 'the log says why: usher log --filter \'outcome.result eq "FAILURE"\'';

async function appFinding(cli: Cli, app: JsonObject): Promise<Finding> {
  const subject = `App ${textAt(app, 'label')}`;
  const progress = await cli.api.get(`/usher/v1/apps/${textAt(app, 'id')}/progress`);
  const health = textAt(progress, 'health', 'state') || 'OK';
  const failed = textAt(progress, 'failed');
  if (health !== 'OK') return { subject, state: 'problem', detail: `${health.toLowerCase()}; ${whyInLog}` };
  if (failed !== '0')
    return {
      subject,
      state: 'problem',
      detail: `${failed} accounts failed; see: usher apps users ${textAt(app, 'id')} --failed`,
    };
  return {
    subject,
    state: 'ok',
    detail: `${textAt(progress, 'assigned')} assigned, ${textAt(progress, 'waiting')} waiting`,
  };
}

function describe({ output }: Cli, findings: readonly Finding[]): string {
  const { green, yellow, red } = output.style;
  const signs = { ok: green('✓'), warning: yellow('!'), problem: red('✗') };
  const width = Math.max(...findings.map((finding) => displayWidth(finding.subject)));
  return findings
    .map(({ subject, state, detail }) => `${signs[state]} ${padded(subject, width)}  ${printable(detail)}`)
    .join('\n');
}
