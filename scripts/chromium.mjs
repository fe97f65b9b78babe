import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const usual = '/usr/bin/chromium';

/**
 * A browser to test in: `USHER_TEST_CHROMIUM` if it is set, else Debian's Chromium, installed where it is missing and may
 * be. `path` is undefined, with a `reason`, where none can be had.
 */
export function findChromium() {
  const given = process.env.USHER_TEST_CHROMIUM;
  if (given)
    return existsSync(given) ? { path: given } : without(`USHER_TEST_CHROMIUM names ${given}, which is not there.`);
  if (existsSync(usual)) return { path: usual };
  if (spawnSync('apt-get', ['--version']).error) {
    return without('Chromium is not installed and this is no Debian. Install one and name it in USHER_TEST_CHROMIUM.');
  }
  if (process.getuid?.() !== 0) return without('Chromium is missing: run `sudo apt-get install chromium` once.');
  process.stderr.write('Installing Chromium from the packages of Debian (about a minute) …\n');
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update');
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  return status === 0 && existsSync(usual) ? { path: usual } : without(`apt-get could not install Chromium: ${stderr}`);
}

function without(reason) {
  return { path: undefined, reason };
}
