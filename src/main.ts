#!/usr/bin/env node
import { runCli } from './cli/program.ts';
import { processEnvironment } from './cli/settings.ts';
import { productVersion } from './lib/version.ts';

process.exitCode = await runCli(process.argv, {
  // Most commands only speak to a server that runs elsewhere: to load a whole one first would cost them a second.
  startUsher: async (settings) => (await import('./start-usher.ts')).startUsher(settings),
  version: productVersion(),
  environment: processEnvironment,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
