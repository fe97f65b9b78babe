import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { systemClock } from '../lib/clock.ts';
import type { CliDeps, Session } from './cli.ts';
import { addAdminCommands } from './commands/admins.ts';
import { addAppCommands } from './commands/apps.ts';
import { addEgressCommands } from './commands/egress.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addAssignmentCommands } from './commands/assignments.ts';
import { addBulkAssignmentCommands } from './commands/bulk-assignments.ts';
import { addCatalogCommands } from './commands/catalog.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addGroupCommands } from './commands/groups.ts';
import { addProviderCommands } from './commands/identity-providers.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addLogCommand } from './commands/log.ts';
import { addMappingCommands } from './commands/mappings.ts';
import { addProbeCommand } from './commands/probe.ts';
import { addPlanCommands } from './commands/plans.ts';
import { addReportCommands } from './commands/reports.ts';
import { addRuleCommands } from './commands/rules.ts';
import { addRunCommands } from './commands/runs.ts';
import { addSchemaCommands } from './commands/schema.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTaskCommands } from './commands/tasks.ts';
import { addTokenCommands } from './commands/tokens.ts';
import { addUnprovisionedCommands } from './commands/unprovisioned.ts';
import { addUserCommands } from './commands/users.ts';
import { asCommandError, exitCodes } from './exit-codes.ts';
import { listenForInterrupts } from './interrupts.ts';
import { createOutput } from './output.ts';

/**
 * Runs one command and resolves with the exit code of `exit-codes.ts`. Never rejects: what went wrong has been said
 * on stderr. `argv` is Node's, with the executable and the script first.
 */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  const interrupts = listenForInterrupts(systemClock);
  const session: Session = { deps, interrupted: interrupts.signal, exit: 'ok' };
  try {
    await createProgram(session).parseAsync(argv);
    return exitCodes[session.exit];
  } catch (error) {
    // Commander has printed its help or its complaint already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { exit, message, details } = asCommandError(error);
    const colour = (deps.environment['NO_COLOR'] ?? '') === '' && !argv.includes('--no-color');
    createOutput({ stdout: deps.stdout, stderr: deps.stderr, json: false, quiet: false, colour }).failure(
      message,
      details,
    );
    return exitCodes[exit];
  } finally {
    interrupts.close();
  }
}

function createProgram(session: Session): Command {
  const { stdout, stderr, version } = session.deps;
  const program = new Command('usher')
    .description('Ushers people into the apps they need, and out of those they should no longer have.')
    .version(version, '--version', 'print the version of this program')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows examples)')
    .option('--server <url>', 'the Usher server to speak to (default http://127.0.0.1:8686, or USHER_SERVER)')
    .option('--token-file <file>', 'file with the API token, - for stdin (default USHER_TOKEN or USHER_TOKEN_FILE)')
    .option('--json', 'print one JSON document instead of text')
    .option('--quiet', 'print no messages, only the answer and failures')
    .option('--no-color', 'print without colours (or set NO_COLOR)')
    .option('--timeout <seconds>', 'give up after this time', parseSeconds);
  addServeCommand(program, session);
  addDemoCommand(program, session);
  addDoctorCommand(program, session);
  addUserCommands(program, session);
  addGroupCommands(program, session);
  addRuleCommands(program, session);
  addCatalogCommands(program, session);
  addProbeCommand(program, session);
  addAppCommands(program, session);
  addSchemaCommands(program, session);
  addMappingCommands(program, session);
  addExplainCommand(program, session);
  addAssignmentCommands(program, session);
  addBulkAssignmentCommands(program, session);
  addUnprovisionedCommands(program, session);
  addPlanCommands(program, session);
  addRunCommands(program, session);
  addTaskCommands(program, session);
  addLogCommand(program, session);
  addReportCommands(program, session);
  addAdminCommands(program, session);
  addTokenCommands(program, session);
  addProviderCommands(program, session);
  addKeyCommands(program, session);
  addEgressCommands(program, session);
  return program.addHelpText('after', exitCodeHelp);
}

const exitCodeHelp = `
Exit codes: ${Object.entries(exitCodes)
  .map(([name, code]) => `${code} ${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
  .join(' · ')}`;

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0.');
}
