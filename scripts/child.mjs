import { spawn } from 'node:child_process';

/**
 * Runs Node on `args` in this terminal and resolves with its exit code (128 + number for a signal). Signals
 * sent to us are passed on, and we outlive the child, so that whoever called can clean up.
 */
export function runNode(args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: 'inherit', env });
    const numbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
    // A terminal sends Ctrl-C to the whole group: the child has it already.
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    process.on('SIGHUP', () => child.kill('SIGHUP'));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (numbers[signal] ?? 0)));
  });
}
