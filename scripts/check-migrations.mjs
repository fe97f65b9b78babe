// Fails when two migrations carry one number, or one lacks a name. A number may be missing: it is taken by a branch
// that lands later, and whatever has the higher ones already applies it then.
import { existsSync, readdirSync } from 'node:fs';

const folder = 'src/store/migrations';
const files = existsSync(folder) ? readdirSync(folder).sort() : [];
const faults = files.flatMap((file, index) => {
  if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(file)) return [`${folder}/${file} is not named NNNN_name.sql.`];
  const before = files[index - 1] ?? '';
  return before.slice(0, 4) === file.slice(0, 4) ? [`${folder}/${file} has the number of ${before}.`] : [];
});
if (files.length === 0) faults.push(`${folder} holds no migration.`);

for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
