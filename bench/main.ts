import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { api } from './api.ts';
import { fanout } from './fanout.ts';
import { leaver } from './leaver.ts';
import { match } from './match.ts';
import type { BenchOptions } from './options.ts';
import { provision } from './provision.ts';
import { push } from './push.ts';
import { isMet, judgedLine, table, type Findings } from './report.ts';

const benchmarks: Readonly<Record<string, (options: BenchOptions) => Promise<Findings>>> = {
  provision,
  fanout,
  api,
  match,
  push,
  leaver,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const [name = ''] = positionals;
const benchmark = benchmarks[name];
if (benchmark === undefined) {
  console.error(`There is no benchmark "${name}". These exist: ${Object.keys(benchmarks).join(', ')}.`);
  process.exitCode = 2;
} else {
  const findings = await benchmark({
    people: values.people === undefined ? undefined : Number(values.people),
    rounds: Number(values.rounds),
    databaseUrl: process.env['USHER_TEST_DATABASE_URL'],
    progress: (line) => console.error(line),
  });
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model ?? 'unknown'}), Node ${process.versions.node}, ${findings.databases.join(', ')}`;
  if (values.json) {
    const judged = findings.judged.map((one) => ({ ...one, met: isMet(one) }));
    console.log(JSON.stringify({ benchmark: name, machine, judged, raw: findings.raw }, undefined, 2));
  } else {
    const tables = findings.tables.map(table).join('\n\n');
    console.log(`\n${tables}\n\n${findings.judged.map(judgedLine).join('\n')}\n\n${machine}`);
  }
}
