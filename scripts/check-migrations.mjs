// Fails when migrations are not numbered 0001, 0002, … without gap or double, or one lacks a name.
import { existsSync, readdirSync } from 'node:fs';

const folder = 'src/store/migrations';
const files = existsSync(folder) ? readdirSync(folder).sort() : [];
const faults = files.flatMap((file, index) => {
  const expected = String(index + 1).padStart(4, '0');
  if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(file)) return [`${folder}/${file} is not named NNNN_name.sql.`];
  return file.startsWith(`${expected}_`) ? [] : [`${folder}/${file} should carry number ${expected}.`];
});
if (files.length === 0) faults.push(`${folder} holds no migration.`);

for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
